import Kafka
import Testing
import Topology

@testable import Nodes

/// A topology as the command reads it.
enum TopologyText {
    static func read(
        _ text: String, environment: [String: String] = [:], file: String = "t.yaml"
    ) -> (topology: Topology?, diagnostics: [Diagnostic]) {
        TopologyReader(
            schemas: NodeRegistry.schemas, environment: environment,
            reservedSetting: KafkaSettings.reservedReason(for:),
            hookpointHelp: HookpointHelp.text(for:)
        ).read(text: text, file: file)
    }

    /// A topology whose text has no fault.
    static func topology(of text: String, environment: [String: String] = [:]) throws -> Topology {
        let read = read(text, environment: environment)
        return try #require(read.topology, "\(read.diagnostics)")
    }

    /// Its graph.
    static func graph(of text: String, environment: [String: String] = [:]) throws -> Graph {
        try Graph(topology(of: text, environment: environment))
    }
}
