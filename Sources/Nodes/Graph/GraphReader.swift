import Kafka
package import Topology

/// Reads topologies with the kinds of nodes that there are.
package struct GraphReader: Sendable {
    private let reader: TopologyReader

    /// Makes a reader; `environment` has the variables for `${NAME}` and `!secret env:NAME`.
    package init(environment: [String: String]) {
        reader = TopologyReader(
            schemas: NodeRegistry.schemas, environment: environment,
            reservedSetting: KafkaSettings.reservedReason(for:), hookpointHelp: HookpointHelp.text(for:))
    }

    /// The topology of a file's text, and what was found in it; nothing that it names is opened.
    package func topology(of text: String, file: String) -> (topology: Topology?, diagnostics: [Diagnostic]) {
        reader.read(text: text, file: file)
    }
}
