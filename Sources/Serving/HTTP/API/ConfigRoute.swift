import Hummingbird
import LatentSheets
import Observability
import Store
import Topology

/// `/api/v1/config`: the topology that runs, and whether its file says the same.
struct ConfigRoute: Sendable {
    let configuration: RunningConfiguration
    /// The name of the topology.
    let topology: String

    private struct Answered: Encodable {
        let v = LatentSheet.version
        let topology: String
        let digest: String
        let file: String?
        let loaded: String?
        let inSync: Bool?
        let reloadSucceeded: Bool
        let text: String?
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/v1/config") { _, _ in
            let reading = configuration.reading
            return Answer.json(
                try SheetJSON.text(
                    Answered(
                        topology: topology, digest: reading.digest, file: reading.file,
                        loaded: reading.loaded.map(Timestamp.text), inSync: reading.isInSync,
                        reloadSucceeded: reading.hasSucceeded,
                        text: reading.file.map { _ in RedactedText.of(reading.text) })))
        }
    }
}
