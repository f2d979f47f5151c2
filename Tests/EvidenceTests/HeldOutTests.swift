import Elements
import Evidence
import Hashing
import TestSupport
import Testing

@Suite struct HeldOutTests {
    @Test func noWindowIsUsedOnBothSides() throws {
        var passedOver = 0
        var used = 0
        for seed in 0..<300 {
            let stream = try RandomStream(seed: seed)
            let view = try stream.reservoir(of: stream.contexts).view()
            let hashing = WindowHashing(seed: stream.settings.seed)
            var trainTexts: Set<[UInt32]> = []
            var testTexts: Set<[UInt32]> = []
            for coded in stream.contexts {
                let tokens = coded.context.tokens
                for start in stride(from: 0, to: tokens.count, by: stream.settings.window) {
                    let text = Array(tokens[start..<min(tokens.count, start + stream.settings.window)])
                    if hashing.isTest(document: coded.context.document) {
                        testTexts.insert(text)
                    } else {
                        trainTexts.insert(text)
                    }
                }
            }
            let pool = view.pool
            for latent in 0..<stream.coder.latents {
                let evidence = view.evidence(of: latent)
                let train = Set((evidence.train + evidence.top).map(\.window))
                let drawn = HeldOut.testExamples(of: evidence, shown: evidence.train.map(\.window))
                let recent = HeldOut.recentExamples(of: evidence, shown: evidence.train.map(\.window))
                #expect(train.isDisjoint(with: drawn.examples.map(\.window)))
                #expect(train.isDisjoint(with: recent.examples.map(\.window)))
                #expect(drawn.examples.count + drawn.droppedByIdentity == evidence.test.count)
                passedOver += drawn.droppedByIdentity
                used += drawn.examples.count
                // What the explainer may see and what a judge is asked about have no text in common.
                let testNegatives = Negatives.test(for: latent, in: pool)
                let trainNegatives = Negatives.train(for: latent, in: pool)
                #expect(testNegatives.allSatisfy { !trainTexts.contains($0.window.tokens) && $0.isTest })
                #expect(trainNegatives.allSatisfy { !testTexts.contains($0.window.tokens) && $0.isTrain })
                for negative in testNegatives + trainNegatives { #expect(!negative.latents.contains(Int32(latent))) }
                let silent = pool.filter { !$0.latents.contains(Int32(latent)) }
                #expect(testNegatives == silent.filter { !$0.isTrain })
                #expect(trainNegatives == silent.filter { !$0.isTest })
            }
        }
        #expect(passedOver > 100)
        #expect(used > 100)
    }

    @Test func sharedRunsOfThirteenTokensAreFoundAsByBruteForce() {
        var generator = SplitMix(seed: 4)
        var kept = 0
        var shared = 0
        for round in 0..<300 {
            // Of few kinds of tokens, and copied in part, so that long runs are shared often but not always.
            let shown = (0..<3).map { _ in
                Self.window(
                    (0..<Int.random(in: 8...32, using: &generator)).map { _ in
                        UInt32(generator.below(2))
                    })
            }
            let test = (0..<6).map { index in
                var tokens = (0..<Int.random(in: 8...32, using: &generator)).map { _ in UInt32(generator.below(2)) }
                let source = shown[generator.below(3)].tokens
                let length = min(tokens.count, source.count, 10 + generator.below(6))
                let from = generator.below(source.count - length + 1)
                let to = generator.below(tokens.count - length + 1)
                tokens.replaceSubrange(to..<to + length, with: source[from..<from + length])
                return Example(window: Self.window(tokens), activations: tokens.map { _ in Float(index) })
            }
            let evidence = LatentEvidence(
                latent: 0, statistics: EvidenceContent.noCounts, train: [], top: [], test: test, recent: test)
            let shownIdentities = Set(shown.map(\.identity))
            let candidates = test.filter { !shownIdentities.contains($0.window.identity) }
            let clean = candidates.filter { example in
                !shown.contains { Self.longestSharedRun($0.tokens, example.window.tokens) >= 13 }
            }
            let dropped = HeldOut.testExamples(of: evidence, shown: shown)
            #expect(dropped.examples == clean, "round \(round)")
            #expect(dropped.sharing13Grams == candidates.count - clean.count)
            #expect(dropped.droppedByIdentity == test.count - candidates.count)
            let all = HeldOut.testExamples(of: evidence, shown: shown, overlap: .keep)
            #expect(all.examples == candidates)
            #expect(all.sharing13Grams == dropped.sharing13Grams)
            let pool = test.map { PoolWindow(window: $0.window, latents: [], isTrain: false, isTest: true) }
            let negatives = HeldOut.negatives(for: 0, in: pool, shown: shown)
            #expect(
                negatives.windows.map(\.window)
                    == test.map(\.window).filter { window in
                        !shown.contains { Self.longestSharedRun($0.tokens, window.tokens) >= 13 }
                    })
            #expect(negatives.windows.count + negatives.sharing13Grams == pool.count)
            kept += clean.count
            shared += dropped.sharing13Grams
        }
        #expect(kept > 200)
        #expect(shared > 200)
    }

    @Test func aLatentIsFoundAmongThoseOfAPoolWindow() {
        let window = PoolWindow(window: Self.window([1]), latents: [0, 3, 9], isTrain: true, isTest: false)
        #expect((-1...10).filter { window.fires($0) } == [0, 3, 9])
        let silent = PoolWindow(window: Self.window([1]), latents: [], isTrain: true, isTest: false)
        #expect(!silent.fires(0))
    }

    private static func window(_ tokens: [UInt32]) -> Window {
        let identity = WindowHashing(seed: 1).identity(of: tokens[...])
        return Window(tokens: tokens, identity: identity, priority: 0)
    }

    private static func longestSharedRun(_ left: [UInt32], _ right: [UInt32]) -> Int {
        var longest = 0
        for start in left.indices {
            for other in right.indices {
                var length = 0
                while start + length < left.count, other + length < right.count,
                    left[start + length] == right[other + length]
                {
                    length += 1
                }
                longest = max(longest, length)
            }
        }
        return longest
    }
}
