import Elements
import Foundation
import Hashing
import Inference
import Statistics
import Testing

@testable import Scoring

/// What asking only until a verdict is known saves, with a simulated judge over 2,000 latents whose scores are spread as in the paper.
@Suite struct SequentialEconomyTests {
    private static let latents = 2000
    private static let pairs = 50
    private static let perCall = 5

    /// The answers of a judge about one latent in the order of asking, and a cheaper score of it.
    private struct Latent {
        let answers: [(isPositive: Bool, isRight: Bool)]
        let cheap: Double

        /// Right answers over all.
        var accuracy: Double { Double(answers.count { $0.isRight }) / Double(answers.count) }
    }

    private struct Totals {
        var agreed = 0
        var calls = 0
        var settled = 0
        var billed = 0.0
        var raw: [Double] = []
        var corrected: [Double] = []
    }

    /// Draws latents whose balanced accuracy has the given quartiles (medians and quartiles of table A8 of the paper), with
    /// classes up to .2 apart and errors that within a call are alike with `correlation`.
    private static func draw(
        quartiles: [Double], likeness: Double, correlation: Double, seed: UInt64
    ) -> [Latent] {
        var generator = SeededGenerator(seed: seed)
        let levels = [0, 0.02, 0.25, 0.5, 0.75, 0.98, 1.0]
        let values = [0.45, 0.5] + quartiles + [0.98, 1]
        func normal() -> Double {
            (-2 * log(1 - generator.unit())).squareRoot() * cos(2 * .pi * generator.unit())
        }
        return (0..<latents).map { _ in
            let z = normal()
            let level = 0.5 * erfc(-z / 2.0.squareRoot())
            let step = levels.indices.dropLast().last { levels[$0] <= level } ?? 0
            let share = (level - levels[step]) / (levels[step + 1] - levels[step])
            let accuracy = values[step] + share * (values[step + 1] - values[step])
            let apart = (2 * generator.unit() - 1) * min(0.2, 1 - accuracy)
            var answers: [(Bool, Bool)] = []
            var shared = 0.0
            for index in 0..<(2 * pairs) {
                if index % perCall == 0 { shared = generator.unit() }
                let isPositive = index % 2 == 0
                let own = generator.unit()
                let draw = generator.unit() < correlation.squareRoot() ? shared : own
                answers.append((isPositive, draw < accuracy + (isPositive ? apart : -apart)))
            }
            let cheap = likeness * z + (1 - likeness * likeness).squareRoot() * normal()
            return Latent(answers: answers, cheap: cheap)
        }
    }

    /// Runs every latent through the monitor as the scorer does, call by call.
    private static func run(
        _ latents: [Latent], threshold: Double, costs: [Double] = [], estimates: Bool = false,
        perCall: Int = perCall, settles: (Double) -> Bool? = { _ in nil }
    ) -> Totals {
        var totals = Totals()
        for latent in latents {
            let all = latent.accuracy >= threshold - 1e-9
            if let verdict = settles(latent.cheap) {
                totals.settled += 1
                totals.agreed += verdict == all ? 1 : 0
                continue
            }
            var monitor = SequentialMonitor(Stopping(rule: .verdict, threshold: threshold), pairs: pairs)
            var asked = 0
            var call = 0
            while asked < latent.answers.count {
                for answer in latent.answers[asked..<min(asked + perCall, latent.answers.count)] {
                    monitor.observe(isPositive: answer.isPositive, isRight: answer.isRight)
                    asked += 1
                }
                totals.billed += call < costs.count ? costs[call] : 0
                call += 1
                if monitor.isEnough() { break }
            }
            totals.calls += call
            totals.agreed += (monitor.verdict == .interpretable) == all ? 1 : 0
            guard estimates else { continue }
            let paired = latent.answers.prefix(asked / 2 * 2)
            totals.raw.append(Double(paired.count { $0.isRight }) / Double(paired.count))
            totals.corrected.append(monitor.estimates?.balancedAccuracy.value ?? .nan)
        }
        return totals
    }

    /// Tokens of each call about a latent, as sent and as they are billed behind a cache of prefixes: of the prompts as they are built,
    /// at four bytes a token, the cache in blocks of 16 tokens, three tokens for each verdict.
    private static func tokens(_ method: JudgedMethod, cachedPrice: Double) throws -> (sent: [Double], billed: [Double])
    {
        let text = ToyVocabulary(words: 400)
        let corpus = PlantedCorpus(latents: 8, vocabulary: 400, windows: 3000, length: 32, seed: 5)
        let judge = RuleJudge()
        var settings = JudgedSettings(method: method, form: .list)
        settings.stopping = Stopping(rule: .verdict)
        let none = [Double](repeating: 0, count: 2 * pairs / size(method))
        var (sent, billed) = (none, none)
        var before: [UInt8] = []
        for latent in 0..<8 {
            let words =
                "Words that name the \(latent)th of several kinds of things people keep in a kitchen, such as spoons."
            let plan = try ScoringPlan(
                node: "judged", explanation: corpus.explanation(latent, text: words),
                heldOut: corpus.heldOut(latent),
                settings: settings, seed: 7, judge: judge, tokens: text)
            try #require(plan.calls.count >= none.count)
            for (call, range) in plan.calls.prefix(none.count).enumerated() {
                let prompt = JudgePrompt.list(plan.questions[range], plan: plan, tokenDecoder: text)
                let bytes = prompt.messages.flatMap { Array("\($0.role.rawValue)\n\($0.content)\n\n\n".utf8) }
                let shared = zip(bytes, before).prefix { $0 == $1 }.count
                let cached = Double(shared / 64 * 16)
                let out = Double(3 * range.count)
                sent[call] += Double(bytes.count) / 4 + out
                billed[call] += Double(bytes.count) / 4 - cached * (1 - cachedPrice) + out
                before = bytes
            }
        }
        return (sent.map { $0 / 8 }, billed.map { $0 / 8 })
    }

    /// Questions in one call of five at most; fuzzing has as many of both classes.
    private static func size(_ method: JudgedMethod) -> Int { method == .fuzzing ? 4 : perCall }

    private static func percent(_ value: Double) -> String { String(format: "%5.1f %%", 100 * value) }

    @Test(arguments: [
        (JudgedMethod.detection, [0.63, 0.74, 0.85], 0.71), (JudgedMethod.fuzzing, [0.67, 0.76, 0.86], 0.41),
    ])
    func theSameVerdictsForLessThanHalfOfTheCallsAndAThirdOfTheTokens(
        method: JudgedMethod, quartiles: [Double], likeness: Double
    ) throws {
        let drawn = Self.draw(quartiles: quartiles, likeness: likeness, correlation: 0, seed: 11)
        let quantiles = Quantiles(drawn.map(\.accuracy))
        let (sent, halfPrice) = try Self.tokens(method, cachedPrice: 0.5)
        let (_, tenthPrice) = try Self.tokens(method, cachedPrice: 0.1)
        let full = sent.reduce(0, +) * Double(Self.latents)
        let size = Self.size(method)
        let calls = Double(2 * Self.pairs / size * Self.latents)
        var table = [
            "\(method.rawValue): \(Self.latents) latents, all asked: quartiles "
                + [quantiles.lowerQuartile, quantiles.median, quantiles.upperQuartile]
                .map { String(format: "%.2f", $0 ?? .nan) }.joined(separator: " ")
                + String(format: ", %.1fk tokens a latent sent, ", sent.reduce(0, +) / 1000)
                + String(format: "%.1fk billed with cached ones at half price", halfPrice.reduce(0, +) / 1000)
        ]
        table.append(
            "threshold, same verdict, calls, billed with cached tokens at half price and at a tenth, at half of all billed so"
        )
        for threshold in [0.6, 0.65, 0.7, 0.75, 0.8] {
            let totals = Self.run(drawn, threshold: threshold, costs: halfPrice, perCall: size)
            let cheap = Self.run(drawn, threshold: threshold, costs: tenthPrice, perCall: size)
            let agreement = Double(totals.agreed) / Double(Self.latents)
            let shares = [
                agreement, Double(totals.calls) / calls, totals.billed / full, cheap.billed / full,
                totals.billed / (halfPrice.reduce(0, +) * Double(Self.latents)),
            ]
            table.append(String(format: "%.2f      ", threshold) + shares.map(Self.percent).joined(separator: "   "))
            #expect(agreement >= 0.95)
            #expect(Double(totals.calls) <= 0.45 * calls)
            #expect(totals.billed <= full / 3)
        }
        print(table.joined(separator: "\n"))
    }

    @Test func theMeanOfStoppedScoresIsThatOfAllAnswersOnceCorrected() {
        let drawn = Self.draw(quartiles: [0.63, 0.74, 0.85], likeness: 0, correlation: 0, seed: 12)
        let totals = Self.run(drawn, threshold: 0.75, estimates: true)
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        func spread(_ values: [Double]) -> Double {
            (zip(values, drawn).reduce(0) { $0 + pow($1.0 - $1.1.accuracy, 2) } / Double(values.count)).squareRoot()
        }
        let all = mean(drawn.map(\.accuracy))
        // By side of the threshold, since there the errors of plain shares point in opposite directions.
        func bias(_ values: [Double], above: Bool) -> Double {
            mean(zip(values, drawn).filter { ($0.1.accuracy >= 0.75) == above }.map { $0.0 - $0.1.accuracy })
        }
        print(
            String(
                format: "mean of all answers %.4f; stopped, plain %+.4f, corrected %+.4f off", all,
                mean(totals.raw) - all, mean(totals.corrected) - all),
            String(
                format: "; below the threshold plain %+.4f, corrected %+.4f; above %+.4f, %+.4f",
                bias(totals.raw, above: false), bias(totals.corrected, above: false), bias(totals.raw, above: true),
                bias(totals.corrected, above: true)),
            String(format: "; rms %.3f, %.3f", spread(totals.raw), spread(totals.corrected)))
        // Three standard errors of a mean of 2,000 differences.
        let tolerance = 3 * spread(totals.corrected) / Double(Self.latents).squareRoot()
        #expect(abs(mean(totals.corrected) - all) <= tolerance)
        for above in [false, true] {
            #expect(abs(bias(totals.corrected, above: above)) < 0.012)
            #expect(abs(bias(totals.raw, above: above)) > 0.015)
        }
    }

    @Test func errorsThatAreAlikeWithinACallCostAgreement() {
        var shares: [Double] = []
        for correlation in [0, 0.2, 0.4] {
            let drawn = Self.draw(quartiles: [0.63, 0.74, 0.85], likeness: 0, correlation: correlation, seed: 13)
            let totals = Self.run(drawn, threshold: 0.75)
            shares.append(Double(totals.agreed) / Double(Self.latents))
            print(
                "errors alike within a call by \(correlation): same verdict", Self.percent(shares[shares.count - 1]),
                "calls", Self.percent(Double(totals.calls) / Double(20 * Self.latents)))
        }
        #expect(shares[0] >= 0.95 && shares[1] >= 0.93 && shares[2] >= 0.9)
        #expect(shares[0] >= shares[2])
    }

    @Test(arguments: [
        (JudgedMethod.detection, [0.63, 0.74, 0.85], 0.71, 0.12),
        (JudgedMethod.fuzzing, [0.67, 0.76, 0.86], 0.41, 0.03),
    ])
    func aCheaperScoreSettlesTheEndsFirst(
        method: JudgedMethod, quartiles: [Double], likeness: Double, tail: Double
    ) throws {
        let drawn = Self.draw(quartiles: quartiles, likeness: likeness, correlation: 0, seed: 11)
        let cheap = Quantiles(drawn.map(\.cheap))
        let (low, high) = (try #require(cheap[tail]), try #require(cheap[1 - tail]))
        let plain = Self.run(drawn, threshold: 0.75)
        let gated = Self.run(drawn, threshold: 0.75) { $0 < low ? false : $0 > high ? true : nil }
        let agreement = Double(gated.agreed) / Double(Self.latents)
        print(
            "\(method.rawValue): a cheaper score alike by \(likeness) settles", gated.settled,
            "of \(Self.latents) latents:",
            "same verdict", Self.percent(agreement), "calls",
            Self.percent(Double(gated.calls) / Double(20 * Self.latents)), "instead of",
            Self.percent(Double(plain.calls) / Double(20 * Self.latents)))
        #expect(agreement >= 0.95)
        #expect(gated.calls < plain.calls && gated.settled > 0)
    }
}
