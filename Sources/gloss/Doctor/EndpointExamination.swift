import Nodes

/// Whether the endpoints of a topology report the likelihood of given texts, if nodes need it.
enum EndpointExamination {
    /// A finding for each node that needs this from an endpoint.
    static func findings(of graph: Graph) async -> [Finding] {
        await EndpointInspection.findings(of: graph).map { finding in
            let subject = "score \(finding.node)"
            return switch finding.outcome {
            case .tells: Finding(.ok, subject, "model \(finding.model): tells how likely given texts are")
            case .lacks(let reason): Finding(.fail, subject, "model \(finding.model): \(reason)")
            case .unknown(let reason):
                Finding(
                    .warn, subject,
                    "model \(finding.model): not known whether it tells how likely given texts are: \(reason)")
            }
        }
    }
}
