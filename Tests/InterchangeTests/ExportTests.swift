import Elements
import Explaining
import Foundation
import Hashing
import StateFixtures
import Store
import Testing

@testable import Interchange

@Suite(.timeLimit(.minutes(5))) struct ExportTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private static let verdicts = KeptVerdicts(examples: [
        KeptVerdicts.Example(
            tokens: [0, 300, .max], marked: [false, true, false], isPositive: true, block: 7, isYes: true,
            probability: 0.93),
        KeptVerdicts.Example(tokens: [5, 6], marked: [], isPositive: false, block: nil, isYes: true, probability: nil),
        KeptVerdicts.Example(tokens: [], marked: [], isPositive: false, block: nil, isYes: nil, probability: nil),
    ])

    private func explanation(_ latent: Int, _ text: String, node: String = "prose", epoch: UInt64 = 1) -> Explanation {
        Explanation(
            job: Fixture.hash(UInt64(latent) + 1000 * epoch), node: node, coder: Fixture.coder, latent: latent,
            text: text,
            predicate: nil,
            provenance: Provenance(
                explainer: "default", sampling: "quantiles", promptVersion: "1", model: "m", seed: 0,
                evidenceDigest: Fixture.hash(9), epoch: epoch, shown: []))
    }

    private func score(_ explanation: Explanation, method: String, control: String? = nil) -> Score {
        let figure = Estimate(value: 0.84, lower: 0.76, upper: 0.9, count: 3)
        return Score(
            job: Fixture.hash(
                (method + (control ?? "")).utf8.reduce(explanation.job.low) { $0 &* 31 &+ UInt64($1) }),
            node: "judged-\(method)", method: method, coder: explanation.coder, latent: explanation.latent,
            explanation: explanation.job, explainedBy: explanation.node, text: explanation.text, headline: figure,
            details: [:], judged: 2, failed: 1, tokensIn: 0, tokensOut: 0, control: control)
    }

    @Test func verdictsComeBackAsTheyWereKept() throws {
        let bytes = Self.verdicts.bytes
        #expect(KeptVerdicts(bytes: bytes) == Self.verdicts)
        for count in bytes.indices { #expect(KeptVerdicts(bytes: Array(bytes[..<count])) == nil) }
        #expect(KeptVerdicts(bytes: bytes + [0]) == nil)
        #expect(KeptVerdicts(bytes: [2] + bytes.dropFirst()) == nil)
        #expect(KeptVerdicts(bytes: [1] + [UInt8](repeating: 0xFF, count: 40)) == nil)
        try store.keep(verdicts: [1], of: Fixture.hash(1))
        try store.keep(verdicts: bytes, of: Fixture.hash(1))
        #expect(try store.verdicts(of: Fixture.hash(1)) == bytes)
        #expect(try store.verdicts(of: Fixture.hash(2)) == nil)
    }

    private func file(_ path: String) throws -> Any {
        try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/out/\(path)")), options: .fragmentsAllowed)
    }

    @Test func delphisFilesHaveOneObjectAnExample() throws {
        let old = explanation(7, "days")
        let new = explanation(7, "dates", epoch: 2)
        let other = explanation(8, "names")
        let (detection, fuzzing) = (score(new, method: "detection"), score(new, method: "fuzzing"))
        let scores = [
            detection, fuzzing, score(old, method: "detection"), score(other, method: "detection"),
            score(new, method: "embedding"), score(new, method: "detection", control: "shuffled"),
        ]
        try store.record(explanations: [old, new, other], scores: scores)
        try store.keep(verdicts: Self.verdicts.bytes, of: detection.job)
        try store.keep(verdicts: Self.verdicts.bytes, of: fuzzing.job)
        let account = try DelphiExport(state: directory.state, coder: nil, tokenDecoder: nil).write(
            to: "\(directory.path)/out")
        #expect(account.explanations == 2 && account.scores == ["detection": 1, "fuzz": 1])
        #expect(account.withoutVerdicts == 1 && account.otherMethods == 1)
        #expect(try file("explanations/layers.10_latent7.txt") as? String == "dates")
        let examples = try #require(try file("scores/fuzz/layers.10_latent7.txt") as? [[String: Any]])
        #expect(examples.count == 3)
        #expect(examples[0]["distance"] as? Int == 7 && examples[1]["distance"] as? Int == -1)
        #expect(examples.map { $0["activating"] as? Bool } == [true, false, false])
        #expect(examples.map { $0["prediction"] as? Bool } == [true, true, nil])
        #expect(examples.map { $0["correct"] as? Bool } == [true, false, nil])
        #expect(examples[2]["prediction"] is NSNull && examples[2]["probability"] is NSNull)
        #expect(examples[0]["token_ids"] as? [Int] == [0, 300, Int(UInt32.max)])
        #expect((examples[0]["probability"] as? Double).map { ($0 - 0.93).magnitude < 1e-6 } == true)
    }

    @Test func neuronpediasLinesAreReadBackAsLoadedExplanations() throws {
        let (first, second) = (explanation(7, "dates \"ISO\""), explanation(9, "names"))
        try store.record(explanations: [first, second], scores: [score(first, method: "detection")])
        let data = try NeuronpediaExport(state: directory.state, coder: "codes")
            .lines(modelID: "gpt2-small", source: "6-res-gloss")
        let rows = try ExplanationFile.read(data, latents: Fixture.coder.latents)
        #expect(rows.map(\.latent) == [7, 9] && rows.map(\.text) == [first.text, second.text])
        #expect(rows[0].notes == "gloss detection=.84 [.76–.90] n=2 f=1" && rows[1].notes == nil)
        #expect(rows[0].id == ExplanationFile.id(of: first.job) && rows[0].id != rows[1].id)
        #expect(rows.allSatisfy { $0.modelID == "gpt2-small" && $0.layer == "6-res-gloss" })
        #expect(rows[0].createdAt == "2026-11-23T12:04:31.120Z")
        #expect(ExplanationFile.write(rows) == data)
    }

    @Test func whoseExplanationsAreMeantMustBeClear() throws {
        #expect(throws: InterchangeError.self) { _ = try NeuronpediaExport(state: directory.state, coder: nil) }
        try store.record(explanations: [explanation(7, "dates")])
        #expect(throws: InterchangeError.self) { _ = try NeuronpediaExport(state: directory.state, coder: "other") }
    }
}
