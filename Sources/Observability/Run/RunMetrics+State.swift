import Foundation

extension RunMetrics {
    /// Shows what was read from the state, in place of what was shown before.
    func show(_ figures: StateFigures) {
        var gauges: [(name: String, labels: [(String, String)], value: Double)] = []
        for entry in figures.latents {
            gauges.append(("gloss_latents", [("coder", entry.coder), ("state", entry.state)], Double(entry.count)))
        }
        for scores in figures.scores {
            let labels = [
                ("component_id", scores.node), ("explained_by", scores.explainedBy), ("method", scores.method),
            ]
            gauges.append(("gloss_score_mean", labels, scores.mean))
            gauges.append(("gloss_score_latents", labels, Double(scores.latents)))
            gauges.append(("gloss_score_control_latents", labels, Double(scores.controlled)))
            if let chance = scores.chance { gauges.append(("gloss_score_chance", labels, chance)) }
            for (control, value) in scores.controls {
                gauges.append(("gloss_score_control", labels + [("control", control)], value))
            }
        }
        let now = Date().timeIntervalSince1970
        for waiting in figures.waiting {
            gauges.append(
                (
                    "gloss_oldest_queued_seconds", [("component_id", waiting.node), ("kind", waiting.kind)],
                    max(0, now - Double(waiting.since) / 1000)
                ))
        }
        for (node, bytes) in figures.evidenceBytes {
            gauges.append(("gloss_evidence_bytes", [("component_id", node)], Double(bytes)))
        }
        for (sink, count) in figures.unsent {
            gauges.append(("gloss_outbox_messages", [("component_id", sink)], Double(count)))
        }
        gauges.append(("gloss_state_bytes", [], Double(figures.stateBytes)))
        replace(.state, by: gauges)
    }
}
