package import Running
import Shuffle
package import Topology

extension Graph {
    /// Why the topology cannot run in a role, each at its place in the file.
    package func roleDiagnostics(_ role: Role, file: String) -> [Diagnostic] {
        guard role != .whole else { return [] }
        var findings = NodeFindings(file: file)
        guard let shuffle = topology.shuffle else {
            findings.report(
                .badRole, topology.nameMark, "the topology has no `shuffle`, which a role needs",
                help: "add `shuffle: { brokers: \"…\", topic: NAME, shards: N }`, the same for all processes")
            return findings.diagnostics
        }
        if let owned = role.owned, shuffle.shards % owned.count != 0 {
            findings.report(
                .badRole, topology.mark(of: "shuffle.shards"),
                "\(shuffle.shards) shards cannot be dealt out evenly among \(owned.count) processes (--of \(owned.count))",
                help: "take a number that divides \(shuffle.shards)")
        }
        for source in all((any ReadsRecords).self) where !(source is any ReachesKafka) {
            findings.report(
                .badRole, source.node.mark,
                "\(source.id) is no Kafka topic, so that several processes cannot share it",
                help: "`gloss feed` puts files into a topic; or run the topology without --role")
        }
        for taker in all((any TakesLatents).self) {
            guard case .firing = taker.latents else { continue }
            findings.report(
                .badRole, taker.node.mark(of: CommonFields.latents),
                "\(taker.id) takes the latents that fire most, which no process knows that owns a share of them",
                help: "take `all`, a list, a range or `{ sample: n }`; or run the topology without --role")
        }
        return findings.diagnostics
    }
}
