import JSONText

/// A plan as JSON: each figure an object with `value` and `basis`; bytes, seconds of one core, hours of all cores together.
package enum CostPlanJSON {
    /// One JSON object on one line.
    package static func text(_ plan: CostPlan) -> String {
        let question: [JSONValue.Member] = [
            ("v", .integer(1)), ("topology", .string(plan.name)), ("tokens", .number(plan.tokens)),
            ("machines", .integer(plan.machines)), ("cores", .integer(plan.cores)),
        ]
        let kept: [JSONValue.Member] = [
            ("evidence", .array(plan.evidence.map(evidence))),
            ("explaining_and_scoring_bytes", figure(plan.holding)), ("state_memory_bytes", figure(plan.memoryBudget)),
            ("stored_evidence_bytes", figure(plan.storedEvidence)),
            ("stored_results_bytes", figure(plan.storedResults)),
            ("corpus_bytes", figure(plan.corpus)), ("corpus_bytes_per_token", figure(plan.corpusPerToken)),
        ]
        let time: [JSONValue.Member] = [
            ("ingest", .array(plan.ingest.map(work))), ("ingest_hours", figure(plan.ingestHours)),
            ("explaining_and_scoring_hours", figure(plan.judgingHours)), ("hours", figure(plan.totalHours)),
        ]
        let asked: [JSONValue.Member] = [
            ("nodes", .array(plan.nodes.map(node))), ("models", .array(plan.models.map(model))),
            ("server_cost", figure(plan.serverCost)), ("core_cost", figure(plan.coreCost)),
            ("notes", .array(plan.notes.map(JSONValue.string))),
        ]
        return JSONValue.object(question + kept + time + asked).text
    }

    private static func work(_ work: CostPlan.Work) -> JSONValue {
        .object([("work", .string(work.name)), ("core_seconds", figure(work.seconds))])
    }

    private static func figure(_ figure: PlanFigure?) -> JSONValue {
        guard let figure else { return .null }
        return .object([("value", .number(figure.value)), ("basis", .string(figure.basis.rawValue))])
    }

    private static func evidence(_ cost: EvidenceCost) -> JSONValue {
        .object([
            ("node", .string(cost.node)), ("latents", figure(cost.latents)), ("active_per_token", figure(cost.active)),
            ("latents_firing", figure(cost.firing)), ("windows_per_latent", figure(cost.windowsPerLatent)),
            ("memory_bytes", figure(cost.memory)), ("memory_bytes_at_most", figure(cost.memoryBound)),
            ("memory_bytes_asked", figure(cost.asked)), ("sample_lowered_to", figure(cost.lowered)),
            ("sent_on_bytes_per_token", figure(cost.shuffled)),
            ("every_activation_bytes_per_token", figure(cost.unfiltered)),
        ])
    }

    private static func node(_ node: CostPlan.Node) -> JSONValue {
        .object([
            ("node", .string(node.id)), ("variant", .string(node.variant)), ("model", .optional(node.model)),
            ("jobs", figure(node.jobs.first)), ("controls", figure(node.jobs.controls)),
            ("again_at_most", figure(node.jobs.again)), ("firing_mass", figure(node.jobs.mass)),
            ("tokens_per_job", figure(node.tokensPerJob)), ("tokens", figure(node.tokens)),
            ("core_seconds", figure(node.seconds)),
        ])
    }

    private static func model(_ cost: ModelCost) -> JSONValue {
        .object([
            ("model", .string(cost.name)), ("server", .boolean(cost.isServed)), ("requests", figure(cost.calls)),
            ("tokens_sent", figure(cost.sent)),
            ("tokens_of_the_same_start", figure(cost.shared)), ("tokens_answered", figure(cost.answered)),
            ("tokens_as_subject", figure(cost.subject)), ("core_seconds", figure(cost.seconds)),
            ("cost", figure(cost.cost)), ("cost_without_cache", figure(cost.costWithoutCache)),
        ])
    }
}
