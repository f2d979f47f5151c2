"""Holds rendered manifests against the schemas of Kubernetes, against each other and against what Gloss does.

Usage: check_manifests.py MANIFESTS [QUERY], from the repository's folder. Prints what is wrong, each with its object, and ends with 1
then. Writes the query by which Prometheus is asked how much the readers have before them to the file QUERY.
"""
import pathlib
import re
import sys

import kubernetes_validate
import yaml

# The first version that tells a pod its ordinal by a label, and the newest whose schemas are at hand.
VERSIONS = ["1.28", kubernetes_validate.latest_version().removesuffix(".0")]
HERE = pathlib.Path("deploy/kubernetes")
INDEX = "apps.kubernetes.io/pod-index"
# Made by hand, so that no secret stands in a file.
SECRETS = {"gloss-tokens"}

objects = [entry for entry in yaml.safe_load_all(open(sys.argv[1])) if entry]
faults = []


def fault(entry, text):
    faults.append(f"{entry['kind']} {entry['metadata']['name']}: {text}")


def of_kind(kind):
    return {entry["metadata"]["name"]: entry for entry in objects if entry["kind"] == kind}


def check_schema(entry):
    for version in VERSIONS:
        try:
            kubernetes_validate.validate(entry, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            fault(entry, f"Kubernetes {version}: {'.'.join(map(str, error.path))}: {error.message}")


def variables(container):
    return {entry["name"]: entry.get("value") for entry in container.get("env", [])}


def selects(selector, labels):
    return all(labels.get(name) == value for name, value in selector.items())


def check_pod(entry):
    """What holds of every pod: the rules that the namespace enforces, and that all it names is there."""
    pod = entry["spec"]["template"]["spec"]
    security = pod.get("securityContext", {})
    if not security.get("runAsNonRoot") or not security.get("runAsUser"):
        fault(entry, "runs as root")
    if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        fault(entry, "has no seccomp profile")
    if pod.get("automountServiceAccountToken") is not False:
        fault(entry, "is given a token of the API server, which it does not need")
    volumes = {volume["name"]: volume for volume in pod.get("volumes", [])}
    for volume in volumes.values():
        config = volume.get("configMap", {}).get("name")
        if config and config not in of_kind("ConfigMap"):
            fault(entry, f"names the ConfigMap {config}, which is not there")
        secret = volume.get("secret", {}).get("secretName")
        if secret and secret not in SECRETS:
            fault(entry, f"names the Secret {secret}, which nobody makes")
    claims = {claim["metadata"]["name"] for claim in entry["spec"].get("volumeClaimTemplates", [])}
    for container in pod.get("initContainers", []) + pod["containers"]:
        name = container["name"]
        own = container.get("securityContext", {})
        if own.get("allowPrivilegeEscalation") is not False or own.get("capabilities", {}).get("drop") != ["ALL"]:
            fault(entry, f"{name} may gain rights")
        if not own.get("readOnlyRootFilesystem"):
            fault(entry, f"{name} may write to its root file system")
        if "memory" not in container["resources"]["limits"] or "cpu" not in container["resources"]["requests"]:
            fault(entry, f"{name} has no bound on memory, or asks for no CPU")
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes and mount["name"] not in claims:
                fault(entry, f"{name} mounts {mount['name']}, which is not there")
        known = variables(container)
        for text in container.get("command", []) + container.get("args", []):
            for used in re.findall(r"\$\(([A-Z]+)\)", text):
                if used not in known:
                    fault(entry, f"{name} uses $({used}), which is not set")
        for variable, value in known.items():
            if value == "":
                fault(entry, f"{name}: {variable} was given no value by settings.env")


def check_owners(entry):
    """What holds of the processes that own latents: each knows which of how many it is."""
    spec = entry["spec"]
    pod, labels = spec["template"]["spec"], spec["template"]["metadata"]["labels"]
    container = pod["containers"][0]
    count = str(spec["replicas"])
    if count != variables(container).get("OF") or count != labels.get("gloss-of"):
        fault(entry, f"replicas is {count}, but not --of or the label")
    if spec["selector"]["matchLabels"] != labels:
        fault(entry, "the selector is not the template's labels, so that the number could be changed in place")
    for part in [container] + pod.get("initContainers", []):
        ordinal = next(value for value in part["env"] if value["name"] == "ORDINAL")
        if INDEX not in ordinal["valueFrom"]["fieldRef"]["fieldPath"]:
            fault(entry, f"{part['name']} does not take its ordinal from the pod")
        if variables(part).get("OF") != count:
            fault(entry, f"{part['name']} has another number of processes")
    for wanted in ["--ordinal=$(ORDINAL)", "--of=$(OF)"]:
        if wanted not in container["args"]:
            fault(entry, f"the arguments lack {wanted}")
    check_role(entry, "evidence", spec["serviceName"])


def check_readers(entry):
    """What holds of the processes that read the corpus: any number of them, among which brokers deal out the partitions."""
    spec = entry["spec"]
    container = spec["template"]["spec"]["containers"][0]
    if spec.get("replicas") is not None:
        fault(entry, "has a number of replicas, to which each apply would go back")
    if spec["strategy"]["type"] != "Recreate":
        fault(entry, "has two versions read the corpus beside each other")
    if any(text.startswith(("--ordinal", "--of")) for text in container["args"]) or {"ORDINAL", "OF"} & set(variables(container)):
        fault(entry, "is given a number among others")
    if not selects(spec["selector"]["matchLabels"], spec["template"]["metadata"]["labels"]):
        fault(entry, "does not select its own pods")
    check_role(entry, "ingest", entry["metadata"]["name"])


def check_role(entry, role, service_name):
    """What holds of the processes of any role."""
    spec = entry["spec"]
    template, pod = spec["template"], spec["template"]["spec"]
    labels = template["metadata"]["labels"]
    container = pod["containers"][0]
    if f"--role={role}" not in container["args"]:
        fault(entry, f"the arguments lack --role={role}")
    service = of_kind("Service").get(service_name)
    if not service or service["spec"].get("clusterIP") != "None" or not selects(service["spec"]["selector"], labels):
        fault(entry, "has no headless Service")
    if not any(selects(budget["spec"]["selector"]["matchLabels"], labels) for budget in of_kind("PodDisruptionBudget").values()):
        fault(entry, "has no PodDisruptionBudget")

    patience = pathlib.Path("Sources/Running/Shutdown/ShutdownPatience.swift").read_text()
    longest = int(re.search(r"var process = Duration\.seconds\((\d+)\)", patience)[1])
    if pod["terminationGracePeriodSeconds"] < longest + 10:
        fault(entry, f"a stop takes up to {longest} s and may be cut off")
    paths = re.findall(r"^  (/\w+):$", pathlib.Path("Sources/Serving/Resources/openapi.yaml").read_text(), re.M)
    wanted = {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}
    for probe, path in wanted.items():
        if container[probe]["httpGet"]["path"] != path or path not in paths:
            fault(entry, f"{probe} does not ask {path}")
        if container[probe]["httpGet"]["port"] not in [port["name"] for port in container["ports"]]:
            fault(entry, f"{probe} asks a port that has no name")
    check_topology(entry, container)


def check_topology(entry, container):
    """That the pod has all that its topology names."""
    text = next(config["data"]["topology.yaml"] for config in objects if config["kind"] == "ConfigMap")
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    mounts = {mount["mountPath"]: mount for mount in container["volumeMounts"]}
    under = lambda path: any(path.startswith(mount + "/") for mount in mounts)
    if not under(container["args"][1]):
        fault(entry, f"{container['args'][1]} is not mounted")
    for variable in re.findall(r"\$\{(\w+)\}", text):
        if variable not in variables(container):
            fault(entry, f"the topology wants ${{{variable}}}, which is not set")
    for path in re.findall(r"!secret file:(\S+?)[ ,}]", text):
        if not under(path):
            fault(entry, f"the topology reads the secret {path}, which is not mounted")
    directory = re.search(r"directory: (\S+?)[ ,}]", text)[1]
    if entry["spec"].get("volumeClaimTemplates") and not under(directory):
        fault(entry, f"{directory} is on no volume")
    for initial in entry["spec"]["template"]["spec"].get("initContainers", []):
        if f"{directory}/shards-$ORDINAL-of-$OF" not in initial["args"][0]:
            fault(entry, f"{initial['name']} puts a state elsewhere than below {directory}")
    port = int(re.search(r"address: \"[^\"]*:(\d+)\"", text)[1])
    if port not in [port["containerPort"] for port in container["ports"]]:
        fault(entry, f"the topology serves port {port}, the container another one")
    image = (HERE / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (\S+) (\S+)$", image, re.M)
    taken = [line[1:] for line in (HERE / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")]
    for path in re.findall(r"(?:path|coder): (/[^\s,}]+)", text):
        source = next((path.replace(target, source, 1) for source, target in copied if (path + "/").startswith(target + "/")), None)
        if not source or not any((source + "/").startswith(name + "/") for name in taken):
            fault(entry, f"{path} of the topology is not in the image")


def check_shuffle():
    """That the topic fits the processes."""
    owners, job = of_kind("StatefulSet")["gloss-evidence"], of_kind("Job")["gloss-shuffle-topic"]
    container = job["spec"]["template"]["spec"]["containers"][0]
    shards = int(variables(container)["SHARDS"])
    if shards % owners["spec"]["replicas"] != 0:
        fault(owners, f"{owners['spec']['replicas']} processes cannot share {shards} shards evenly")
    for setting in ["retention.ms=-1", "retention.bytes=-1", "cleanup.policy=delete"]:
        if setting not in container["args"]:
            fault(job, f"the topic is made without {setting}")
    for entry in [owners, of_kind("Deployment")["gloss-ingest"]]:
        for name in ["KAFKA", "SHUFFLE", "SHARDS"]:
            if variables(entry["spec"]["template"]["spec"]["containers"][0])[name] != variables(container)[name]:
                fault(entry, f"{name} is not that of the Job")


def check_scaling():
    """That readers are scaled by a metric that they have, which the adapter gives, within the bounds that make sense."""
    scaler, readers = of_kind("HorizontalPodAutoscaler")["gloss-ingest"], of_kind("Deployment")["gloss-ingest"]
    spec = scaler["spec"]
    target = spec["scaleTargetRef"]
    if (target["kind"], target["name"]) != ("Deployment", readers["metadata"]["name"]):
        fault(scaler, "scales something else")
    if not 1 <= spec["minReplicas"] <= spec["maxReplicas"]:
        fault(scaler, f"READERS is {spec['minReplicas']}, PARTITIONS {spec['maxReplicas']}: neither 0 nor more than the partitions")
    asked = spec["metrics"][0]["external"]
    if not re.fullmatch(r"[1-9]\d*", asked["target"]["averageValue"]):
        fault(scaler, f"LAG is {asked['target']['averageValue']}, no number of records")
    topic = asked["metric"]["selector"]["matchLabels"]["topic"]
    if topic != variables(readers["spec"]["template"]["spec"]["containers"][0])["CORPUS"]:
        fault(scaler, f"looks at the topic {topic}, which is not the corpus")
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?", topic):
        fault(scaler, f"cannot ask for the topic {topic}: the value of a label has up to 63 letters, digits, and . _ - between them")
    rules = yaml.safe_load((HERE / "prometheus-adapter.yaml").read_text())["rules"]["external"]
    rule = next((rule for rule in rules if rule["name"]["as"] == asked["metric"]["name"]), None)
    if not rule:
        return fault(scaler, f"asks for {asked['metric']['name']}, which prometheus-adapter.yaml does not give")
    series = rule["seriesQuery"].split("{")[0]
    if f'"{series}":' not in pathlib.Path("Sources/Observability/Run/MetricHelp.swift").read_text():
        fault(scaler, f"rests on {series}, which no process has")
    # With the labels that an autoscaler in this namespace asks for; deploy/kubernetes/check tries it on series.
    matchers = f'namespace="{scaler["metadata"]["namespace"]}",topic="{topic}"'
    if len(sys.argv) > 2:
        pathlib.Path(sys.argv[2]).write_text(
            rule["metricsQuery"].replace("<<.Series>>", series).replace("<<.LabelMatchers>>", matchers))


def check_pages():
    """That each owner has a Service for its pages."""
    owners = of_kind("StatefulSet")["gloss-evidence"]["spec"]
    labels = owners["template"]["metadata"]["labels"]
    served = {}
    for service in of_kind("Service").values():
        if INDEX in service["spec"]["selector"]:
            index = service["spec"]["selector"][INDEX]
            served[index] = service
            if not selects(service["spec"]["selector"], labels | {INDEX: index}):
                fault(service, "selects no owner")
    wanted = {str(ordinal) for ordinal in range(owners["replicas"])}
    if set(served) != wanted:
        faults.append(f"pages.yaml has Services for the owners {sorted(served)}, but there are {sorted(wanted)}")


for entry in objects:
    check_schema(entry)
    if entry["kind"] in ("StatefulSet", "Deployment", "Job"):
        check_pod(entry)
check_owners(of_kind("StatefulSet")["gloss-evidence"])
check_readers(of_kind("Deployment")["gloss-ingest"])
check_shuffle()
check_scaling()
check_pages()
if "gloss-settings" in of_kind("ConfigMap"):
    faults.append("the ConfigMap gloss-settings reaches the cluster")
namespace = yaml.safe_load((HERE / "namespace.yaml").read_text())
check_schema(namespace)
for entry in objects:
    if entry["metadata"].get("namespace") != namespace["metadata"]["name"]:
        fault(entry, "is in another namespace")

for text in faults:
    print(text, file=sys.stderr)
if faults:
    sys.exit(1)
print(f"{len(objects)} objects fit Kubernetes {' and '.join(VERSIONS)}, each other and the program")
