import Foundation
package import Inference
package import Running
import Topology

/// The gates of the servers that a topology's models are behind: one for each server, shared by its models.
package final class EndpointGates {
    private let patience: Duration?
    private let clock: any Clock<Duration>
    private let stop: StopSignal
    private let models: [String: [String]]
    private let onChange: @Sendable (_ models: [String], _ change: EndpointGate.Change) -> Void
    private var gates: [String: EndpointGate] = [:]

    /// Makes gates as they are needed.
    /// - Parameters:
    ///   - patience: How long an outage is waited for; `nil` for ever.
    ///   - clock: Measures rests.
    ///   - stop: Once raised, nobody waits any more.
    ///   - onChange: Told of outages, with the names that the server's models have in the topology.
    package init(
        of graph: Graph, patience: Duration?, clock: any Clock<Duration>, stop: StopSignal,
        onChange: @escaping @Sendable (_ models: [String], _ change: EndpointGate.Change) -> Void
    ) {
        self.patience = patience
        self.clock = clock
        self.stop = stop
        self.onChange = onChange
        var models: [String: [String]] = [:]
        for (name, model) in graph.topology.models.sorted(by: { $0.key < $1.key }) {
            if case .openAI(let endpoint) = model { models[Self.server(endpoint), default: []].append(name) }
        }
        self.models = models
    }

    /// The gate of a model's server.
    func gate(of endpoint: ModelEndpoint) -> EndpointGate {
        let server = Self.server(endpoint)
        if let gate = gates[server] { return gate }
        let behind = models[server] ?? []
        let gate = EndpointGate(
            patience: patience, clock: clock, onChange: { [onChange] change in onChange(behind, change) })
        gates[server] = gate
        stop.whenRaised { gate.close() }
        return gate
    }

    /// Does something once the run is to stop.
    func whenStopped(_ body: @escaping @Sendable () -> Void) { stop.whenRaised(body) }

    /// Scheme, host and port: what is away or not, whatever lies below it.
    private static func server(_ endpoint: ModelEndpoint) -> String {
        guard let parts = URLComponents(string: endpoint.url), let host = parts.host else { return endpoint.url }
        return "\(parts.scheme?.lowercased() ?? "")://\(host.lowercased()):\(parts.port ?? 0)"
    }
}
