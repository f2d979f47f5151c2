import Nodes
import Testing
import Topology

@testable import Planning

@Suite struct JobCostTests {
    @Test func everyKindOfNodeThatAsksALanguageModelHasACost() {
        let asking = NodeRegistry.schemas.filter { schema in
            schema.variant != nil && (schema.output == .explanations || schema.output == .scores)
                && schema.fields.contains { $0.name == "model" && $0.type == .model }
        }.compactMap(\.variant?.value)
        // A sentence encoder is asked for vectors, which are counted once for all latents.
        #expect(Set(asking).subtracting(["embedding"]) == Set(JobCosts.all.map { $0.variant }))
        #expect(Set(JobCosts.all.map { $0.variant }).count == JobCosts.all.count)
    }

    /// The tokens of a job of a node, whose model runs here or behind a server.
    private func tokens(_ node: String, isInProcess: Bool = true) throws -> JobTokens {
        let topology = try PlannedText.codes(
            latents: 1000,
            nodes: """
                words: { type: explain, explainer: default, inputs: [evidence], model: judge, when: drained }
                  asked: { type: score, inputs: [words], model: judge, \(node) }
                """,
            models: isInProcess
                ? "judge: { path: ./judge.gguf }" : "judge: { openai: \"http://localhost:1/v1\", model: m }")
        let asked = try #require(topology.node("asked"))
        let kind = try #require(JobCosts.named(asked.schema.variant?.value ?? ""))
        return kind.tokens(AskedSettings(asked, window: 32, isInProcess: isInProcess))
    }

    @Test func questionsOneByOneAreAsManyRequestsAsWindows() throws {
        let asked = try tokens("method: detection, examples: 6, calibration: 2")
        #expect(asked.calls == 16 && asked.answered == 0)
        #expect(asked.sent > asked.shared && asked.shared == 16 * PromptSizes.oneVerdict)
    }

    @Test func listsNeedFewerRequestsAndHaveAnswers() throws {
        let asked = try tokens("method: detection, examples: 50", isInProcess: false)
        #expect(asked.calls == 20 && asked.answered == 20 * 12)
        let longer = try tokens("method: detection, examples: 50, per_prompt: 20, clip: 16", isInProcess: false)
        // docs/science/cost.md: longer lists of parts of windows take less than half of the tokens.
        #expect(longer.calls == 5 && longer.sent < asked.sent / 2)
    }

    @Test func aVerdictIsReachedBeforeAllIsAsked() throws {
        let all = try tokens("method: detection, examples: 50", isInProcess: false)
        let some = try tokens("method: detection, examples: 50, stopping: verdict", isInProcess: false)
        #expect(abs(some.sent / all.sent - VerdictCost.askedUntilVerdict) < 1e-9)
        #expect(try tokens("method: detection, examples: 50, stopping: interval", isInProcess: false) == all)
    }

    @Test func aTierOfNegativesIsAskedAboutToo() throws {
        let plain = try tokens("method: detection, examples: 10, calibration: 0")
        let tiers = try tokens("method: detection, examples: 10, calibration: 0, negatives: [random, lexical]")
        #expect(plain.calls == 20 && tiers.calls == 30)
    }

    @Test(arguments: [
        "method: detection", "method: fuzzing", "method: simulation", "method: surprisal",
    ])
    func moreExamplesNeverCostLess(method: String) throws {
        let sent = try [5, 10, 20, 40].map { try tokens("\(method), examples: \($0)").sent }
        #expect(zip(sent, sent.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func theSubjectReadsWhatWasWritten() throws {
        let written = try tokens("method: generation, texts: 20, per_answer: 5")
        #expect(written.calls == 4 && written.subject == 20 * 22 && written.answered == 20 * 22)
        #expect(try tokens("method: generation, texts: 20, temperature: 0").calls == 1)
    }
}
