// Shows what the ad server chose, and tells the engine what became of it.
const ad = document.getElementById('ad');
const user = localStorage.user ??= crypto.randomUUID();

fetch(`/ad?user=${user}&age=24`).then((answer) => answer.json()).then(({ headline, action, beacon }) => {
  ad.querySelector('h2').textContent = headline;
  ad.querySelector('button').textContent = action;
  ad.hidden = false;
  if (!beacon) return;

  // Seen: at least half of it is on the screen. An image works wherever images do.
  const eye = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    eye.disconnect();
    new Image().src = `${beacon.replace('TYPE', 'impression')}.gif`;
  }, { threshold: 0.5 });
  eye.observe(ad);

  // Clicked: sendBeacon goes out even where the page is being left.
  ad.querySelector('button').addEventListener('click', () => navigator.sendBeacon(beacon.replace('TYPE', 'click')));
});
