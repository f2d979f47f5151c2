import Elements
import Explaining
import Foundation
import Hashing
import Inference
import Statistics
import Synchronization
import Testing

@testable import Scoring

/// Keeps what it is sent, and answers every chat and every text alike.
private final class RecordingTransport: HTTPTransport {
    private static let head = #"{"choices":[{"message":{"content":"none"},"finish_reason":"stop","#
    private static let likeliest =
        #""logprobs":{"content":[{"top_logprobs":[{"token":"Yes","logprob":-0.1},{"token":"No","logprob":-3}]}]}}]}"#

    private let bodies = Mutex<[[UInt8]]>([])

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        bodies.withLock { $0.append(request.body) }
        return HTTPResponse(
            status: 200, body: Array((Self.head + Self.likeliest).utf8))
    }

    /// The contents of all messages, or the text, of each request as a server reads it.
    var contents: [[String]] {
        bodies.withLock(\.self).map { body in
            let fields = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
            if let prompt = fields?["prompt"] as? String { return [prompt] }
            return (fields?["messages"] as? [[String: String]] ?? []).compactMap { $0["content"] }
        }
    }
}

/// Marks in the requests that a server gets are those that were meant, whatever the corpus holds.
@Suite struct MarksSentTests {
    private static let pieces = [
        "|", " |", "s", "think", "<s>", "</s>", "<", ">", "<<", ">>", "<|im_end|>", "|im_start|", "[INST]", "/s",
        "end_of_turn", " the", "\n", "\t", "bos", "eos", "[EXPLANATION]:", " --- |", "｜", "<think>", "/think", "sys",
        "Example 3:", " pull", "|⏎", "<start_of_turn>user", "|>", "<|",
    ]
    private static let vocabulary = ToyVocabulary(
        words: pieces.count, odd: Dictionary(uniqueKeysWithValues: pieces.enumerated().map { ($0.offset, $0.element) }))

    /// Random windows, the first half with one latent at random places, the others silent.
    private static let corpus: (positives: [Example], negatives: [PoolWindow]) = {
        var generator = SeededGenerator(seed: 5)
        var positives: [Example] = []
        var negatives: [PoolWindow] = []
        for number in 0..<240 {
            let tokens = (0..<16).map { _ in UInt32.random(in: 0..<UInt32(pieces.count), using: &generator) }
            let identity = SipHasher.hash128(tokens: tokens, key: SipKey(seed: 7))
            let window = Window(tokens: tokens, identity: identity, priority: identity.high)
            if number % 2 == 0 {
                var activations = tokens.map { _ in Float(Int.random(in: 0..<3, using: &generator) / 2) }
                activations[Int.random(in: 0..<16, using: &generator)] = 1
                positives.append(Example(window: window, activations: activations))
            } else {
                negatives.append(PoolWindow(window: window, latents: [], isTrain: false, isTest: true))
            }
        }
        return (positives, negatives)
    }()

    private static let heldOut = HeldOutSet(
        positives: corpus.positives, negatives: NegativePool(pool: corpus.negatives).negatives(of: 0))

    private func model(_ transport: RecordingTransport) throws -> OpenAIModel {
        var configuration = OpenAIConfiguration(endpoint: "http://host/v1", model: "m")
        configuration.retry.maximumAttempts = 1
        return try OpenAIModel(OpenAIConnection(configuration: configuration, transport: transport))
    }

    /// What looks alike is the same here: characters of the corpus are broken, marks are not.
    private static func folded(_ text: String) -> String {
        var result = text
        for (from, to) in [("‹", "<"), ("›", ">"), ("［", "["), ("¦", "|"), ("｜", "|"), ("∕", "/"), ("＿", "_")] {
            result = result.replacing(from, with: to)
        }
        return result
    }

    /// A line, cut at its marks: what stands at odd places is marked.
    private static func cut(_ line: Substring) -> [String] {
        line.replacing(">>", with: "<<").components(separatedBy: "<<").map(folded)
    }

    /// What was meant, told from tokens and marks alone.
    private static func meant(_ tokens: [UInt32], _ marked: [Bool]) -> [String] {
        var parts = [""]
        var isOpen = false
        for (token, isMarked) in zip(tokens, marked.isEmpty ? tokens.map { _ in false } : marked) {
            if isMarked != isOpen { parts.append("") }
            isOpen = isMarked
            parts[parts.count - 1] += pieces[Int(token)].replacing("\n", with: "⏎").replacing("\t", with: "⇥")
        }
        if isOpen { parts.append("") }
        return parts.map(folded)
    }

    private static func lines(_ content: String, _ name: String) -> [Substring] {
        content.split(separator: "\n").filter { $0.hasPrefix(name) }.compactMap { line in
            line.firstRange(of: ": ").map { line[$0.upperBound...] }
        }
    }

    private func subject(_ judge: any LanguageModelClient) -> PlanSubject {
        let explanation = Explanation(
            job: Hash128(high: 5, low: 0), node: "prose",
            coder: CoderIdentity(name: "codes", hookpoint: "layers.0", latents: 8, digest: Hash128(high: 1, low: 2)),
            latent: 0, text: "Bars, <|im_end|> and <s>.", predicate: nil,
            provenance: Provenance(
                explainer: "test", sampling: "none", promptVersion: "1", model: nil, seed: 0,
                evidenceDigest: Hash128(high: 0, low: 0), epoch: 1, shown: []))
        return PlanSubject(
            node: "judged", explanation: explanation, judge: judge, seed: 3, heldOut: Self.heldOut.account)
    }

    /// No control string of the corpus reaches a server: what stands outside of marks and whole marked turns holds none.
    private func expectNoTurns(_ contents: [[String]]) {
        for content in contents.flatMap(\.self) {
            let folded = content.lowercased()
            for turn in [
                "<|im_end|>", "<|im_start|>", "<start_of_turn>", "<end_of_turn>", "[inst]", "</s>", "</think>",
            ] {
                #expect(!folded.contains(turn))
            }
        }
    }

    @Test(arguments: JudgedMethod.allCases, AnswerForm.allCases)
    func verdictsAreAskedForUnderTheMarksMeant(method: JudgedMethod, form: AnswerForm) async throws {
        let transport = RecordingTransport()
        let judge = try model(transport)
        let plan = try ScoringPlan(
            subject: subject(judge), heldOut: Self.heldOut, settings: JudgedSettings(method: method, form: form),
            tokens: Self.vocabulary)
        _ = try? await JudgedScorer.run(plan, judge: judge, tokenDecoder: Self.vocabulary, concurrency: 1)
        let sent = transport.contents.flatMap { Self.lines($0.last ?? "", "Example ") }.map(Self.cut)
        let wanted = plan.questions.map { Self.meant($0.tokens, $0.marked) }
        #expect(plan.questions.count > 50)
        #expect(Set(wanted).isSubset(of: Set(sent)))
        #expect(Set(sent).isSubset(of: Set(wanted)))
        expectNoTurns(transport.contents)
    }

    @Test func trialsAreShownUnderTheMarksMeant() async throws {
        let transport = RecordingTransport()
        let judge = try model(transport)
        let plan = try IntruderPlan(
            subject: subject(judge), heldOut: Self.heldOut, settings: IntruderSettings(), tokens: Self.vocabulary)
        _ = try? await IntruderScorer.run(plan, judge: judge, tokenDecoder: Self.vocabulary, concurrency: 1)
        let sent = transport.contents.flatMap { Self.lines($0.last ?? "", "Example ") }.map(Self.cut)
        let wanted = plan.trials.flatMap(\.windows).map { Self.meant($0.tokens, $0.marked) }
        #expect(wanted.count > 20 && sent == wanted)
        expectNoTurns(transport.contents)
    }

    @Test(arguments: [0, 5]) func passagesAreExplainedUnderTheMarksMeant(contrasts: Int) async throws {
        let transport = RecordingTransport()
        let judge = try model(transport)
        var settings = DefaultExplainerSettings()
        settings.contrasts = contrasts
        settings.form = .passages
        let silent = Self.corpus.negatives.map {
            PoolWindow(window: $0.window, latents: [], isTrain: true, isTest: false)
        }
        let view = HostileView(evidence: Self.corpus.positives, pool: silent)
        let plan = try ExplanationPlan(
            node: "prose", update: EvidenceUpdate(view: view, epoch: 1, isCaughtUp: true),
            evidence: view.evidence(of: 0), settings: settings, pool: view.pool, seed: 1, model: judge.name,
            modelDigest: judge.digest)
        _ = await DefaultExplainer.run(plan, judge: judge, tokenDecoder: Self.vocabulary)
        let sent = transport.contents.flatMap { Self.lines($0.last ?? "", "Passage ") }.map(Self.cut)
        let wanted = plan.examples.map { Self.meant($0.tokens, $0.marked) }
        #expect(wanted.count > 20 && sent == wanted)
        expectNoTurns(transport.contents)
    }

    @Test func textsWithoutMarksHoldNoTurns() async throws {
        let transport = RecordingTransport()
        let judge = try model(transport)
        let surprisal = try SurprisalPlan(
            subject: subject(judge), heldOut: Self.heldOut, settings: SurprisalSettings())
        _ = try? await SurprisalScorer.run(
            surprisal, with: ScoringTools(judge: judge, tokenDecoder: Self.vocabulary, concurrency: 1))
        let simulation = try SimulationPlan(
            subject: subject(judge), heldOut: Self.heldOut, maximum: 1, settings: SimulationSettings())
        _ = try? await SimulationScorer.run(
            simulation, with: ScoringTools(judge: judge, tokenDecoder: Self.vocabulary, concurrency: 1))
        let passages = Self.corpus.positives.map(\.window.tokens)
        let judging = PassageJudging(scorer: judge, tokenDecoder: Self.vocabulary)
        _ = try? await judging.readings(of: ["bars, <|im_end|> and </s>"], after: passages)
        let effects = passages.map { OutputPrompt.Effect(prompt: $0, rising: Array($0.prefix(4))) }
        _ = try await judge.complete(
            OutputPrompt.prompt(for: effects, tokenDecoder: Self.vocabulary), maximumTokens: 5)
        #expect(transport.contents.count >= 4)
        expectNoTurns(transport.contents)
    }
}

/// The evidence of one latent.
private struct HostileView: EvidenceView {
    let coder = CoderIdentity(name: "codes", hookpoint: "layers.0", latents: 8, digest: Hash128(high: 1, low: 2))
    let totals = StreamTotals()
    let digest = Hash128(high: 3, low: 4)
    var evidence: [Example]
    var pool: [PoolWindow]

    func statistics(of latent: Int) -> LatentStatistics { evidence(of: latent).statistics }
    func evidence(of latent: Int) -> LatentEvidence {
        let statistics = LatentStatistics(
            tokensFired: UInt64(evidence.count), windowsFired: UInt64(evidence.count), sum: 0, sumOfSquares: 0,
            maximum: 1,
            histogram: [])
        return LatentEvidence(
            latent: latent, statistics: statistics, train: evidence, top: [], test: [], recent: [])
    }
}
