import { useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import { t } from '../i18n';
import { signIn } from './session';

/** Takes an API key, once: the engine gives a cookie for it, and the key is kept nowhere. */
export function SignIn() {
  const [key, setKey] = useState('');
  const [trouble, setTrouble] = useState('');
  const words = t().signIn;
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await signIn(key.trim());
    } catch (error) {
      setTrouble(error instanceof ApiError && error.status === 0 ? t().unreachable : words.refused);
    }
  };
  return (
    <form class="sign-in" onSubmit={submit}>
      <h1>{words.title}</h1>
      <p>{words.text}</p>
      <label class="field">
        <span>{words.key}</span>
        <input type="password" autocomplete="off" spellcheck={false} required value={key} aria-invalid={trouble !== ''} aria-describedby={trouble ? 'sign-in-trouble' : undefined} onInput={(event) => setKey(event.currentTarget.value)} />
      </label>
      {trouble && (
        <p class="field-error" id="sign-in-trouble" role="alert">
          {trouble}
        </p>
      )}
      <button class="primary" type="submit">
        {words.enter}
      </button>
    </form>
  );
}
