"""Holds rendered manifests against the schemas of Kubernetes, against each other and against what Gloss does.

Usage: check_manifests.py MANIFESTS, from the repository's folder. Prints what is wrong, each with its object, and ends with 1 then.
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


def check_role(entry, role):
    """What holds of the processes of a role."""
    spec = entry["spec"]
    template, pod = spec["template"], spec["template"]["spec"]
    labels = template["metadata"]["labels"]
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
    for wanted in [f"--role={role}", "--ordinal=$(ORDINAL)", "--of=$(OF)"]:
        if wanted not in container["args"]:
            fault(entry, f"the arguments lack {wanted}")
    service = of_kind("Service").get(spec["serviceName"])
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
    for entry in of_kind("StatefulSet").values():
        for name in ["KAFKA", "SHUFFLE", "SHARDS"]:
            if variables(entry["spec"]["template"]["spec"]["containers"][0])[name] != variables(container)[name]:
                fault(entry, f"{name} is not that of the Job")


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
    if entry["kind"] in ("StatefulSet", "Job"):
        check_pod(entry)
for name, role in (("gloss-ingest", "ingest"), ("gloss-evidence", "evidence")):
    check_role(of_kind("StatefulSet")[name], role)
check_shuffle()
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
