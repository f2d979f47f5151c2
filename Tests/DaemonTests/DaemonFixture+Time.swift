import Daemon
import Nodes
import RuleJudgeServer
import Running
import StateFixtures

extension DaemonFixture {
    /// Moves the clock on by half a second at a time until a run is over.
    ///
    /// - Parameters:
    ///   - patience: How long servers that are away are waited for.
    ///   - server: Time passes once it has been asked again; `nil` for at once.
    ///   - at: Told the seconds that have passed.
    func outcomeInTime(
        of graph: Graph, patience: Duration, untilDrained: Bool = true, askingOf server: RuleJudgeServer? = nil,
        at: @escaping @Sendable (Double) async throws -> Void
    ) async throws -> RunOutcome {
        let asked = server?.requests.count ?? 0
        let driver = Task {
            await server?.received(asked + 1)
            var seconds = 0.0
            while !Task.isCancelled {
                try await at(seconds)
                seconds += 0.5
                clock.advance(by: .milliseconds(500))
                for _ in 0..<400 { await Task.yield() }
            }
        }
        defer { driver.cancel() }
        return try await outcome(of: graph) { options in
            options.untilDrained = untilDrained
            options.serverPatience = patience
        }
    }
}
