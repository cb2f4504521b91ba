"""Checks what schemas cannot: that deploy/ agrees with the engine and with itself. Prints findings; exits 1 where there are any."""
import json
import pathlib
import re
import sys

import yaml

deploy, root = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
silo = root / "src/Silo"
findings = []


def expect(holds, where, message):
    if not holds:
        findings.append(f"{where}: {message}")


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)(s|m|min)?", str(text)).groups()
    return int(number) * (60 if unit in ("m", "min") else 1)


def bytes_of(text):
    number, unit = re.fullmatch(r"(\d+)([kmg]?)b?", str(text).lower()).groups()
    return int(number) << {"": 0, "k": 10, "m": 20, "g": 30}[unit]


def arguments(command):
    """Options of a command as a dictionary; an option that came twice is a finding."""
    options, rest = {}, [str(part) for part in command]
    while rest:
        name = rest.pop(0)
        expect(name not in options, "arguments", f"{name} came twice")
        options[name] = rest.pop(0) if rest and not rest[0].startswith("--") else None
    return options


# What the engine knows.
command_line = (silo / "Hosting/CommandLine.cs").read_text()
known = dict(re.findall(r'\["(--[a-z-]+)"\] = "([A-Za-z:]+)"', command_line))
variables = {key.replace(":", "__").upper() for key in known.values()}
stop = int(re.search(r"StopPatience = TimeSpan\.FromSeconds\((\d+)\)", (silo / "Hosting/FlywheelHost.cs").read_text())[1])
default_drain = int(re.search(r"Redis is null \? 0 : (\d+)", (silo / "Hosting/FlywheelOptions.cs").read_text())[1])
health = {f"/health/{name}" for name in re.findall(r'health\.MapGet\("([a-z]+)"', (silo / "Api/Operating/OperatingEndpoints.cs").read_text())}
metrics = {name for file in (silo / "Metrics").glob("*.cs") for name in re.findall(r'"(flywheel_[a-z_]+)"', file.read_text())}


def check_engine():
    expect(len(known) > 10, "CommandLine.cs", "its options were not found; has its form changed?")
    expect(health == {"/health/startup", "/health/ready", "/health/live"}, "OperatingEndpoints.cs", f"has the health paths {sorted(health)}")
    expect(len(metrics) > 10, "src/Silo/Metrics", "its metrics were not found; has its form changed?")


def check_silo(where, options, environment):
    for option in options:
        expect(option in known, where, f"{option} is no option of the engine; known: {', '.join(known)}")
    for name in environment:
        expect(not name.startswith("FLYWHEEL__") or name in variables, where, f"{name} is no setting of the engine; known: {', '.join(sorted(variables))}")
    beyond = "127.0.0.1" not in options.get("--urls", "127.0.0.1")
    expect(not beyond or "--api-keys" in options, where, "listens beyond loopback without --api-keys")
    expect("--token-key" in options, where, "has no --token-key; the keys would be lost with Redis")
    return int(options.get("--drain-seconds") or environment.get("FLYWHEEL__DRAINSECONDS") or default_drain)


def check_compose():
    document = yaml.safe_load((deploy / "compose.yaml").read_text())
    services, where = document["services"], "compose.yaml"
    redis = services["redis"]
    settings = arguments(redis["command"][1:])
    for name, value in {"--appendonly": "yes", "--appendfsync": "always", "--maxmemory-policy": "noeviction"}.items():
        expect(settings.get(name) == value, f"{where} redis", f"{name} is {settings.get(name)}; expected {value}")
    if "--maxmemory" not in settings:
        findings.append(f"{where} redis: has no --maxmemory; the kernel would end it where memory runs out")
    else:
        expect(bytes_of(redis["mem_limit"]) >= 1.5 * bytes_of(settings["--maxmemory"]), f"{where} redis", "mem_limit leaves too little beside --maxmemory for a rewrite of the append-only file")
    expect(any(volume.split(":")[1] == "/data" and volume.split(":")[0] in document["volumes"] for volume in redis.get("volumes", [])), f"{where} redis", "has no named volume on /data")
    expect("ports" not in redis, f"{where} redis", "is published to the host")
    expect(all(document["networks"][name].get("internal") for name in redis["networks"]), f"{where} redis", "is on a network that is not internal")

    silos = {name: service for name, service in services.items() if name.startswith("silo-")}
    for name, service in services.items():
        if name == "redis" or name in silos:
            continue
        expect(service.get("profiles") == ["observe"], f"{where} {name}", "is neither Redis nor a silo, and not in the profile observe")
        expect(re.search(r":v?\d+\.\d+\.\d+$", service["image"]), f"{where} {name}", f"its image {service['image']} is not pinned to a version")
        expect(all(str(port).startswith("127.0.0.1:") for port in service.get("ports", [])), f"{where} {name}", "is published beyond the host's loopback")
    expect(len(silos) == 3, where, f"has {len(silos)} silos; expected 3")
    addresses, disks, keys = [], [], set()
    for name, service in silos.items():
        at, options = f"{where} {name}", arguments(service["command"])
        drain = check_silo(at, options, service["environment"])
        grace = seconds(service.get("stop_grace_period", "10s"))
        expect(grace > drain + stop, at, f"stop_grace_period is {grace} s; expected more than drain + stop = {drain} + {stop} s")
        expect(service["depends_on"]["redis"]["condition"] == "service_healthy", at, "does not wait for Redis")
        expect(options.get("--advertise") == service["networks"]["store"]["ipv4_address"], at, "--advertise is not its address on the network of silos")
        addresses.append(options.get("--advertise"))
        disks += [volume.split(":")[0] for volume in service["volumes"] if volume.split(":")[1] == "/data"]
        keys.add(options.get("--token-key"))
        expect(all(str(port).startswith("127.0.0.1:") for port in service.get("ports", [])), at, "is published beyond the host's loopback")
    expect(len(set(addresses)) == len(silos), where, "silos share an address")
    expect(len(set(disks)) == len(silos), where, "silos share a disk, or lack one on /data")
    expect(len(keys) == 1, where, "silos have different --token-key files")


def check_kubernetes():
    objects = {}
    for path in sorted((deploy / "kubernetes").glob("*.yaml")):
        for item in yaml.safe_load_all(path.read_text()):
            objects.setdefault(item["kind"], []).append(item)
            if item["kind"] != "Kustomization":
                expect(path.name in yaml.safe_load((deploy / "kubernetes/kustomization.yaml").read_text())["resources"], path.name, "is not in kustomization.yaml")
    expect("Secret" not in objects, "kubernetes", "holds a Secret; only refer to them")
    deployment, where = objects["Deployment"][0], "deployment.yaml"
    spec, pod = deployment["spec"], deployment["spec"]["template"]["spec"]
    labels, container = spec["template"]["metadata"]["labels"], pod["containers"][0]
    expect(spec["replicas"] >= 3, where, f"has {spec['replicas']} replicas; expected 3")
    update = spec["strategy"].get("rollingUpdate", {})
    expect(spec["strategy"]["type"] == "RollingUpdate" and update.get("maxUnavailable") == 0 and update.get("maxSurge") == 1, where, "expected RollingUpdate with maxUnavailable 0 and maxSurge 1")
    expect(spec["selector"]["matchLabels"] == labels, where, "its selector is not its pods' labels")

    settings = objects["ConfigMap"][0]["data"]
    environment = dict(settings) | {entry["name"]: entry.get("value") for entry in container["env"]}
    options = arguments(container["args"])
    drain = check_silo(where, options, environment)
    grace = pod.get("terminationGracePeriodSeconds", 30)
    expect(grace > drain + stop, where, f"terminationGracePeriodSeconds is {grace}; expected more than drain + stop = {drain} + {stop}")
    expect(options.get("--advertise") == "$(POD_IP)", where, "--advertise is not the pod's address")
    redis = next(entry for entry in container["env"] if entry["name"] == "FLYWHEEL__REDIS")
    expect("secretKeyRef" in redis.get("valueFrom", {}), where, "the Redis connection string is not from a Secret")
    check_mounts(where, pod, container, options)

    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    http = int(re.search(r":(\d+)$", options["--urls"])[1])
    inside = {"silo": int(options["--silo-port"]), "gateway": int(options["--gateway-port"])}
    expect(ports == {"http": http, **inside}, where, f"its ports {ports} are not those that it listens on")
    for probe, path in {"startupProbe": "/health/startup", "readinessProbe": "/health/ready", "livenessProbe": "/health/live"}.items():
        get = container.get(probe, {}).get("httpGet", {})
        expect(get.get("path") == path and get.get("port") in ("http", http), where, f"{probe} asks {get.get('path')} on {get.get('port')}; expected {path} on http")
    start = container.get("startupProbe", {})
    expect(start.get("periodSeconds", 10) * start.get("failureThreshold", 3) >= 300, where, "startupProbe gives a start less than 5 minutes; Redis may take that long to load")
    security = {**pod["securityContext"], **container["securityContext"]}
    expect(security.get("runAsNonRoot") and security.get("readOnlyRootFilesystem") and not security.get("allowPrivilegeEscalation", True), where, "expected runAsNonRoot, readOnlyRootFilesystem, no privilege escalation")

    budget = objects["PodDisruptionBudget"][0]["spec"]
    expect(budget.get("maxUnavailable") == 1, "poddisruptionbudget.yaml", "expected maxUnavailable 1")
    expect(budget["selector"]["matchLabels"] == labels, "poddisruptionbudget.yaml", "does not select the silos")
    headless = [service for service in objects["Service"] if service["spec"].get("clusterIP") == "None"]
    expect(len(headless) == 1 and len(objects["Service"]) == 2, "service.yaml", "expected one Service and one headless Service")
    for service in objects["Service"]:
        expect(service["spec"]["selector"] == labels, "service.yaml", f"{service['metadata']['name']} does not select the silos")
        expect(all(port["targetPort"] in ("http", http) for port in service["spec"]["ports"]), "service.yaml", f"{service['metadata']['name']} leads to another port than http")
    check_policy(objects["NetworkPolicy"][0]["spec"], labels, http, set(inside.values()))
    expect("FLYWHEEL__PARTITIONS" in settings, "configmap.yaml", "does not fix the number of partitions")


def check_autoscaling():
    overlay = yaml.safe_load((deploy / "autoscaling/kustomization.yaml").read_text())
    expect(overlay["resources"] == ["../kubernetes", "hpa.yaml"], "autoscaling/kustomization.yaml", "does not add hpa.yaml to the manifests")
    scalers = {"hpa.yaml": lambda spec: (spec, spec["behavior"]), "keda.yaml": lambda spec: ({"minReplicas": spec["minReplicaCount"], "maxReplicas": spec["maxReplicaCount"]}, spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"])}
    for file, read in scalers.items():
        where = f"autoscaling/{file}"
        item = yaml.safe_load((deploy / "autoscaling" / file).read_text())
        limits, behavior = read(item["spec"])
        expect(item["spec"]["scaleTargetRef"]["name"] == "flywheel", where, "does not scale the Deployment flywheel")
        expect(limits["minReplicas"] >= 3, where, "goes below 3 silos")
        partitions = int(yaml.safe_load((deploy / "kubernetes/configmap.yaml").read_text())["data"]["FLYWHEEL__PARTITIONS"])
        expect(limits["maxReplicas"] <= partitions, where, f"goes beyond the {partitions} partitions, where another silo counts nothing")
        expect(behavior["scaleDown"]["stabilizationWindowSeconds"] >= 600 and all(policy["type"] == "Pods" and policy["value"] == 1 and policy["periodSeconds"] >= 300 for policy in behavior["scaleDown"]["policies"]), where, "scales in faster than one silo in five minutes after ten quiet ones")
    for trigger in yaml.safe_load((deploy / "autoscaling/keda.yaml").read_text())["spec"]["triggers"]:
        for metric in re.findall(r"\bflywheel_[a-z_]+", trigger["metadata"]["query"]):
            expect(metric in metrics, "autoscaling/keda.yaml", f"{metric} is no metric of the engine")


def check_mounts(where, pod, container, options):
    mounts = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    expect(options.get("--data") in mounts and "secret" not in volumes[mounts[options["--data"]]], where, "--data is no volume that can be written")
    for option in ("--token-key", "--api-keys"):
        folder = str(pathlib.PurePosixPath(options.get(option) or "/").parent)
        expect(folder in mounts and "secret" in volumes[mounts[folder]], where, f"{option} is not from a Secret")


def check_policy(policy, labels, http, inside):
    where, opened = "networkpolicy.yaml", set()
    expect(policy["podSelector"].get("matchLabels") == labels, where, "does not select the silos")
    expect("Ingress" in policy["policyTypes"], where, "does not close ingress")
    for rule in policy["ingress"]:
        expect(rule.get("from") and rule.get("ports"), where, "a rule lets in whoever asks, or on every port")
        ports = {port["port"] for port in rule.get("ports", [])}
        opened |= ports
        if ports & inside:
            only_silos = all(set(peer) == {"podSelector"} and peer["podSelector"].get("matchLabels") == labels for peer in rule.get("from", [])) and rule.get("from")
            expect(only_silos, where, f"lets others than silos reach {sorted(ports & inside)}")
        expect(all(any(selector for selector in peer.values()) for peer in rule.get("from", [])), where, "a selector is empty, so it selects everything")
    expect(opened == inside | {http}, where, f"opens the ports {sorted(opened)}; expected {sorted(inside | {http})}")


def check_dockerfile():
    text, where = (deploy / "Dockerfile").read_text(), "Dockerfile"
    last = text[text.rindex("\nFROM "):]
    user = re.search(r"^USER (\S+)", last, re.M)
    expect(user and user[1].split(":")[0] not in ("0", "root"), where, "runs as root")
    expect(re.search(r"^STOPSIGNAL SIGTERM$", last, re.M), where, "expected STOPSIGNAL SIGTERM")
    expect(re.search(r"^EXPOSE 8080 11111$", last, re.M), where, "expected EXPOSE 8080 11111")
    expect(re.search(r"^VOLUME /data$", last, re.M) and "FLYWHEEL__DATA=/data" in last, where, "expected the data folder in a volume, /data")
    for name in re.findall(r"(FLYWHEEL__[A-Z]+)=", last):
        expect(name in variables, where, f"{name} is no setting of the engine")
    copied, needed, waiting = set(re.findall(r"COPY (src/\S+\.csproj)", text)), set(), [silo / "Silo.csproj"]
    while waiting:
        project = waiting.pop().resolve()
        needed.add(str(project.relative_to(root.resolve())))
        waiting += [project.parent / path for path in re.findall(r'ProjectReference Include="([^"]+)"', project.read_text())]
    expect(copied == needed, where, f"copies {sorted(copied)} before restore; the silo needs {sorted(needed)}")


def check_alerts():
    where, runbook = "alerts.yml", (root / "docs/runbook.md").read_text()
    rules = [rule for group in yaml.safe_load((deploy / "prometheus/alerts.yml").read_text())["groups"] for rule in group["rules"]]
    names = {rule["alert"] for rule in rules}
    described = set(re.findall(r"^### (Flywheel\w+)", runbook, re.M))
    for name in names ^ described:
        findings.append(f"{where}: {name} is {'not in docs/runbook.md' if name in names else 'in docs/runbook.md only'}")
    for rule in rules:
        expect(rule["annotations"].get("runbook") == f"docs/runbook.md#{rule['alert'].lower()}", where, f"{rule['alert']} names {rule['annotations'].get('runbook')}; expected its section, docs/runbook.md#{rule['alert'].lower()}")
    # Orleans' and Kestrel's own are made from the names of their instruments; a test asks a real Prometheus for them.
    known_metrics = lambda name: name in metrics or re.sub(r"_(bucket|sum|count)$", "", name) in metrics or name.startswith(("flywheel_orleans_", "flywheel_kestrel_"))
    texts = [(rule["expr"], f"{where} {rule['alert']}") for rule in rules] + [(runbook, "runbook.md")]
    texts += [(target["expr"], f"{path.name} {panel['title']}") for path, panel in panels() for target in panel.get("targets", [])]
    for text, source in texts:
        for metric in set(re.findall(r"\bflywheel_[a-z_]+", text)):
            expect(known_metrics(metric), source, f"{metric} is no metric of the engine")
    tested = {case["alertname"] for test in yaml.safe_load((deploy / "prometheus/alerts.test.yml").read_text())["tests"] for case in test["alert_rule_test"] if case.get("exp_alerts")}
    quiet = {case["alertname"] for test in yaml.safe_load((deploy / "prometheus/alerts.test.yml").read_text())["tests"] for case in test["alert_rule_test"] if not case.get("exp_alerts")}
    for name in names - (tested & quiet):
        findings.append(f"alerts.test.yml: {name} lacks a case in which it {'is quiet' if name in tested else 'fires'}")


def panels():
    """Every panel of every dashboard, those within rows too."""
    for path in sorted((deploy / "grafana").glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            yield from ((path, each) for each in [panel, *panel.get("panels", [])])


def check_dashboards():
    boards = {path: json.loads(path.read_text()) for path in sorted((deploy / "grafana").glob("*.json"))}
    expect({path.stem for path in boards} == {"engine", "campaigns", "agents", "cluster"}, "grafana", f"has {[path.stem for path in boards]}; expected engine, campaigns, agents, cluster")
    for path, board in boards.items():
        where = path.name
        expect(board.get("uid") == f"flywheel-{path.stem}", where, f"its uid is {board.get('uid')}; expected flywheel-{path.stem}, which links rely on")
        expect(board.get("id") is None, where, "has an id, which is Grafana's to give")
        expect(any(variable["type"] == "datasource" and variable["name"] == "datasource" for variable in board["templating"]["list"]), where, "has no variable datasource")
        own = [panel for of, panel in panels() if of == path]
        ids = [panel["id"] for panel in own]
        expect(len(set(ids)) == len(ids), where, "two panels have the same id")
        spots = [(x, y) for panel in own for at in [panel["gridPos"]] for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
        expect(len(set(spots)) == len(spots) and all(x < 24 for x, _ in spots), where, "panels lie on each other, or beyond the 24 columns")
        for panel in own:
            at = f"{where} {panel.get('title')}"
            if panel["type"] == "row":
                continue
            expect(len(panel.get("description", "")) > 20, at, "has no description")
            expect(panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}, at, "its datasource is not ${datasource}")
            defaults = panel["fieldConfig"]["defaults"]
            expect(defaults.get("unit"), at, "has no unit")
            expect(defaults.get("thresholds", {}).get("steps"), at, "has no thresholds")
            expect(panel.get("targets") and all(target.get("expr") for target in panel["targets"]), at, "asks nothing")


def attempt(check, *arguments_of_it):
    """Runs a check; what it looks for and does not find is a finding too, and does not keep the others from running."""
    try:
        return check(*arguments_of_it)
    except (KeyError, IndexError, StopIteration, AttributeError, TypeError, ValueError, yaml.YAMLError, OSError) as error:
        findings.append(f"{check.__name__}: could not be finished, something is missing or malformed: {type(error).__name__} {error}")


attempt(check_engine)
attempt(check_compose)
attempt(check_dockerfile)
attempt(check_kubernetes)
attempt(check_autoscaling)
attempt(check_alerts)
attempt(check_dashboards)
for finding in findings:
    print(finding)
sys.exit(1 if findings else 0)
