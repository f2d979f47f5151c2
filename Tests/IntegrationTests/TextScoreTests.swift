import Elements
import RuleJudgeServer
import Store
import Testing

/// Whole runs of the scorers that have a model read texts, and of intruder detection.
@Suite(.timeLimit(.minutes(10))) struct TextScoreTests {
    private static func stages(_ model: String) -> [String] {
        let rest = "model: \(model), latents: { sample: 6, seed: 1 }"
        return [
            "nothing:   { type: explain, inputs: [evidence], explainer: none, when: drained }",
            "simulated: { type: score, inputs: [lexical], method: simulation, examples: 6, \(rest) }",
            "surprised: { type: score, inputs: [lexical], method: surprisal, examples: 6, \(rest) }",
            "intruded:  { type: score, inputs: [nothing], method: intruder, windows: 3, trials: 4, \(rest) }",
        ]
    }

    @Test(arguments: ["judge", "subject"]) func methodsRunWithTheirControls(model: String) async throws {
        let server = try await RuleJudgeServer.start()
        let subject = try TinySubject()
        let topology = try subject.endpointTopology(
            "texts", corpus: subject.corpus(documents: 60), port: server.port, more: Self.stages(model))
        #expect(try GlossProgram().run(["validate", topology]).status == 0)
        let run = try await EndpointRun.run(topology, state: subject.state("texts"))
        try #require(run.status == 0, "\(run.errors)")
        #expect(run.count(.failed) == 0 && run.count(.open) == 0, "\(run.reasons("simulated"))")
        let scores = try Store.reader(directory: subject.state("texts")).scores()
        for (node, control) in [("simulated", "shuffled"), ("surprised", "shuffled"), ("intruded", "silent_windows")] {
            let own = scores.filter { $0.node == node && $0.control == nil }
            #expect(!own.isEmpty && own.allSatisfy { $0.headline != nil && $0.tokensIn > 0 }, "\(node)")
            #expect(scores.contains { $0.node == node && $0.control == control }, "\(node)")
        }
        let range: ClosedRange<Double> = -1...1
        #expect(scores.filter { $0.node == "simulated" }.allSatisfy { range.contains($0.headline?.value ?? 9) })
        #expect(scores.filter { $0.node == "intruded" }.allSatisfy { $0.text.isEmpty && $0.details["chance"] != nil })
        #expect(run.table.contains("control silent_windows: "))
        #expect(!run.table.contains("control shuffled: not available"))
        // What is done is not done again.
        let again = try await EndpointRun.run(topology, state: subject.state("texts"))
        #expect(again.content == run.content)
        await server.stop()
    }

    @Test func aServerThatReadsNoTextsIsNamedInTheReport() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .judges(RuleJudging(), .ignored))
        let subject = try TinySubject()
        let topology = try subject.endpointTopology(
            "deaf", corpus: subject.corpus(documents: 60), port: server.port, more: Self.stages("judge"))
        let refused = try GlossProgram().run(["run", topology, "--until-drained"])
        #expect(
            refused.status == 78 && refused.errors.contains("E612") && refused.errors.contains("surprised asks model"))
        // Of a server that is down when the run starts it shows later, job by job.
        server.expect(.answers(503), .answers(503), then: .judges(RuleJudging(), .ignored))
        let run = try await EndpointRun.run(topology, state: subject.state("deaf"))
        #expect(run.status == 69)
        for node in ["simulated", "surprised"] {
            let reasons = run.reasons(node)
            #expect(!reasons.isEmpty && reasons.allSatisfy { $0.contains("with echo and logprobs") }, "\(reasons)")
        }
        #expect(run.scores["intruded", default: 0] > 0 && run.scores["executed", default: 0] > 0)
        await server.stop()
    }
}
