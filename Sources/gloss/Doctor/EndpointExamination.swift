import Nodes

/// Whether the endpoints of a topology report the likelihood of given texts, if nodes need it; and what they can do, on request.
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

    /// A finding for each model that is to be asked by batches.
    static func batches(of graph: Graph) async -> [Finding] {
        await BatchInspection.findings(of: graph).map { finding in
            let subject = "model \(finding.model)"
            return switch finding.failure {
            case nil: Finding(.ok, subject, "its server takes batches")
            case .lacks(let reason): Finding(.fail, subject, "its server refuses batches; leave `batch` out: \(reason)")
            case .unknown(let reason):
                Finding(.warn, subject, "not known whether its server takes batches: \(reason)")
            }
        }
    }

    /// A finding for each model behind a server that a node names, by asking it.
    static func answers(of graph: Graph) async -> [Finding] {
        await EndpointQuestions.findings(of: graph).map { finding in
            let status: Finding.Status =
                switch finding.verdict {
                case .able: .ok
                case .limited: .warn
                case .unable: .fail
                }
            return Finding(status, "model \(finding.model)", finding.text)
        }
    }
}
