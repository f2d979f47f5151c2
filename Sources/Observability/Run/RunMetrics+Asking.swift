import CoreMetrics

/// What models are asked, what comes of it and what it costs.
extension RunMetrics {
    /// Counts a call to a language model and how long it took.
    package func asked(model: String, outcome: String, took duration: Duration) {
        count("gloss_llm_requests_total", [("model", model), ("outcome", outcome)])
        time("gloss_llm_request_duration_seconds", [("model", model)], duration)
        progress.asked(model, took: duration)
    }

    /// Counts a call to a language model that gave no answer; `reason` is one word of few.
    package func failed(model: String, reason: String) {
        count("gloss_llm_failures_total", [("model", model), ("reason", reason)])
    }

    /// Counts the tokens of a call to a language model.
    ///
    /// `cached` of the tokens sent were not read again, since an earlier prompt began with them; they are counted under `in` too.
    package func spent(model: String, tokensIn: Int, tokensOut: Int, cached: Int = 0) {
        for (direction, tokens) in [("in", tokensIn), ("out", tokensOut), ("cached", cached)] where tokens > 0 {
            count("gloss_llm_tokens_total", [("direction", direction), ("model", model)], by: tokens)
        }
    }

    /// Counts what a call to a model on a server cost, in the currency of the topology's prices.
    package func paid(model: String, cost: Double) {
        factory.makeFloatingPointCounter(label: "gloss_llm_cost_total", dimensions: [("model", model)])
            .increment(by: cost)
    }

    /// Tells which share of the topology's budget is used, earlier starts counted in; `nil` if there is no budget any more.
    package func budget(used share: Double?) {
        guard let share else {
            return factory.destroyMeter(factory.makeMeter(label: "gloss_budget_used_ratio", dimensions: []))
        }
        gauge("gloss_budget_used_ratio", [], share)
    }

    /// Counts the questions that a score node put to its judge, and those without a usable answer by the reason, which is one
    /// word of few.
    package func judged(by node: String, method: String, questions: Int, failures: [String]) {
        let labels = [("component_id", node), ("method", method)]
        count("gloss_judge_questions_total", labels, by: questions)
        for reason in failures { count("gloss_judge_failures_total", labels + [("reason", reason)]) }
    }
}

/// The jobs of nodes that ask models.
extension RunMetrics {
    /// Notes how long a job waited until it was begun.
    package func waited(_ duration: Duration, at node: String, kind: String) {
        time("gloss_job_wait_seconds", [("component_id", node), ("kind", kind)], duration)
    }

    /// Notes how long an attempt at a job took, however it ended.
    package func worked(_ duration: Duration, at node: String, kind: String) {
        time("gloss_job_duration_seconds", [("component_id", node), ("kind", kind)], duration)
        progress.worked(duration, at: node)
    }
}

/// What is asked over HTTP.
extension RunMetrics {
    /// Counts an answer; `route` is the pattern that the path matched.
    package func served(route: String, status: Int, took duration: Duration) {
        count("gloss_http_requests_total", [("code", String(status)), ("route", route)])
        time("gloss_http_request_duration_seconds", [("route", route)], duration)
    }

    private func count(_ name: String, _ labels: [(String, String)], by number: Int = 1) {
        factory.makeCounter(label: name, dimensions: labels).increment(by: Int64(number))
    }
}

extension Duration {
    /// The duration in seconds.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
