import Elements
import Examples
import Inference
import Testing

@testable import Explaining

@Suite struct LexicalExplainerTests {
    private func explainer(_ view: ToyView, tokenDecoder: any TokenDecoder) -> LexicalExplainer {
        let index = LexicalIndex(
            pool: view.pool, latents: view.coder.latents, vocabulary: LexicalVocabulary(tokenDecoder: tokenDecoder))
        return LexicalExplainer(node: "lexical", update: view.update, index: index, seed: 7, tokenDecoder: tokenDecoder)
    }

    @Test func plantedTokensAreFound() throws {
        let planted: [Set<UInt32>] = [[3], [10, 11, 12], [50, 60, 70, 80, 90]]
        let text = ToyVocabulary.words(400)
        let corpus = PlantedCorpus(planted: planted, vocabulary: 400, windows: 2000, seed: 1)
        var explainer = explainer(corpus.view, tokenDecoder: text)
        for (latent, tokens) in planted.enumerated() {
            let explanation = try explainer.explain(corpus.view.evidence(of: latent))
            let json = try #require(explanation.predicate)
            let terms = try LexicalPredicate(json: json).terms
            #expect(Set(terms) == Set(tokens.map(LexicalTerm.token)))
            for token in tokens { #expect(explanation.text.contains("\"·w\(token)\"")) }
        }
    }

    @Test func aClassIsPreferredToItsManyMembers() throws {
        let text = ToyVocabulary((0..<400).map { $0 < 60 ? " \($0 * 7)" : " w\($0)" })
        let numbers = Set((0..<60).map(UInt32.init))
        // Numbers are rare, so that windows without any exist.
        let corpus = PlantedCorpus(
            planted: [numbers], vocabulary: 2000, windows: 3000, seed: 2)
        var explainer = explainer(
            corpus.view, tokenDecoder: ToyVocabulary(bytes: text.texts + (400..<2000).map { Array(" w\($0)".utf8) }))
        let explanation = try explainer.explain(corpus.view.evidence(of: 0))
        #expect(try LexicalPredicate(json: explanation.predicate ?? "").terms == [.tokenClass(.number)])
        #expect(explanation.text == "Contains a number.")
    }

    @Test func whatIsMadeOfNoiseIsAtChanceOnHeldOutWindows() throws {
        let text = ToyVocabulary.words(3000)
        let corpus = PlantedCorpus(
            planted: (0..<12).map { _ in [] }, vocabulary: 3000, windows: 2000, seed: 3, sample: 40)
        var explainer = explainer(corpus.view, tokenDecoder: text)
        var balanced: [Double] = []
        for latent in 0..<12 {
            guard let explanation = try? explainer.explain(corpus.view.evidence(of: latent)) else { continue }
            let predicate = try LexicalPredicate(json: explanation.predicate ?? "")
            let held = corpus.view.pool.filter { !$0.isTrain }
            let firing = held.filter { $0.latents.contains(Int32(latent)) }
            let silent = held.filter { !$0.latents.contains(Int32(latent)) }
            func rate(_ windows: [PoolWindow]) -> Double {
                Double(windows.count { predicate.matches(tokens: $0.window.tokens, tokenDecoder: text) })
                    / Double(windows.count)
            }
            balanced.append((rate(firing) + 1 - rate(silent)) / 2)
        }
        #expect(balanced.allSatisfy { abs($0 - 0.5) < 0.06 })
    }

    @Test func whatOneExampleAloneHasIsNotTaken() throws {
        let text = ToyVocabulary.words(3000)
        let corpus = PlantedCorpus(planted: [[]], vocabulary: 2000, windows: 1000, seed: 6)
        // Each example fires at a token of its own that no other window has; two share one more.
        let train = (0..<12).map { number in
            let tokens = [UInt32(2100 + number), number < 2 ? 2200 : UInt32(2300 + number), UInt32(number)]
            return Example(window: toyWindow(tokens), activations: [1, 1, 0])
        }
        var explainer = explainer(corpus.view, tokenDecoder: text)
        let explanation = try explainer.explain(toyEvidence(latent: 9, train: train))
        #expect(try LexicalPredicate(json: explanation.predicate ?? "").terms == [.token(2200)])
    }

    @Test func theSearchGivesWhatAPlainOneGives() throws {
        let text = ToyVocabulary.words(60)
        let planted: [Set<UInt32>] = [[1, 2, 3], [4], [], [5, 6, 7, 8, 9, 10, 11, 12, 13, 14]]
        let corpus = PlantedCorpus(planted: planted, vocabulary: 60, windows: 300, seed: 4, sample: 20)
        // Some train examples are not in the pool.
        let pool = Array(corpus.view.pool.dropFirst(30))
        let index = LexicalIndex(pool: pool, latents: 64, vocabulary: LexicalVocabulary(tokenDecoder: text))
        var settings = LexicalSettings()
        settings.caution = 0.3
        var scratch = TermScratch(count: index.vocabulary.termCount)
        for latent in planted.indices {
            let evidence = corpus.view.evidence(of: latent)
            let trial = LexicalTrial(of: evidence, index: index, scratch: &scratch)
            // Pairs are for other tests: the plain search knows tokens only.
            let all = LexicalCandidates(of: trial, limit: 40, scratch: &scratch)
            let tokens = all.terms.indices.filter { Int(all.terms[$0]) < text.count }
            let candidates = LexicalCandidates(
                isPositive: all.isPositive, terms: tokens.map { all.terms[$0] }, pairs: [],
                windows: CompressedRows(tokens.map { all.windows[$0] }), positiveCount: all.positiveCount,
                negativeCount: all.negativeCount)
            let found = LexicalSearch(candidates: candidates, settings: settings).chosenTerms.map(UInt32.init)
            let plain = PlainSearch(evidence: evidence, pool: pool, candidates: candidates.terms.map(UInt32.init))
            #expect(found == plain.search(settings))
            #expect(Set(found).count == found.count)
        }
    }

    @Test func onlyTrainWindowsAreLookedAt() throws {
        let text = ToyVocabulary.words(400)
        var view = PlantedCorpus(planted: [[3]], vocabulary: 400, windows: 1000, seed: 5).view
        var first = explainer(view, tokenDecoder: text)
        let before = try first.explain(view.evidence(of: 0))
        // Whatever the test side holds, the explanation and its name stay.
        view.pool = view.pool.filter { $0.isTrain }
        view.latents = [toyEvidence(latent: 0, train: view.latents[0].train)]
        var second = explainer(view, tokenDecoder: text)
        #expect(try second.explain(view.evidence(of: 0)) == before)
    }

    @Test func latentsWithTooLittleEvidenceAreRefusedByName() throws {
        let text = ToyVocabulary.words(400)
        let corpus = PlantedCorpus(planted: [[3]], vocabulary: 400, windows: 1000, seed: 5)
        var explainer = explainer(corpus.view, tokenDecoder: text)
        let few = toyEvidence(latent: 0, train: Array(corpus.view.latents[0].train.prefix(3)))
        #expect { try explainer.explain(few) } throws: { ($0 as? ExplainingError)?.kind == .tooFewExamples }
        // A latent that fires in windows like any others.
        let everywhere = toyEvidence(
            latent: 1,
            train: (0..<20).map { Example(window: toyWindow([900, UInt32(900 + $0)]), activations: [1, 0]) })
        #expect { try explainer.explain(everywhere) } throws: { ($0 as? ExplainingError)?.kind == .nothingFound }
    }

    @Test func sentencesShowWhatCannotBeSeenAndKeepToTheirLength() {
        let long = String(repeating: "a\u{1B}\"\n", count: 60)
        let text = ToyVocabulary(bytes: (0..<8).map { _ in Array(long.utf8) } + [[0xC2], Array(" \t\"\\".utf8)])
        let sentence = LexicalSentence.sentence(
            for: LexicalPredicate(anyOf: (0..<8).map { .token($0) }), tokenDecoder: text)
        #expect(sentence.count <= 300 && sentence.contains("…"))
        #expect(!sentence.unicodeScalars.contains { ControlCharacters.contains($0) })
        let odd = LexicalSentence.sentence(for: LexicalPredicate(anyOf: [.token(8), .token(9)]), tokenDecoder: text)
        #expect(odd == #"Contains "⟨C2…⟩" or "·⇥\"\\"."#)
    }
}

/// The same search with sets and nothing kept up.
private struct PlainSearch {
    let evidence: LatentEvidence
    let pool: [PoolWindow]
    let candidates: [UInt32]

    func search(_ settings: LexicalSettings) -> [UInt32] {
        let usable = pool.filter { $0.isTrain && !$0.isTest }
        let sampled = Set(evidence.train.map(\.window))
        let positives = Set(usable.filter { $0.latents.contains(Int32(evidence.latent)) }.map(\.window)).union(sampled)
        let negatives = Set(usable.map(\.window)).subtracting(positives)
        func value(_ token: UInt32, beside others: [UInt32]) -> Double {
            func anew(_ windows: Set<Window>) -> Double {
                Double(windows.count { $0.tokens.contains(token) && Set($0.tokens).isDisjoint(with: others) })
            }
            let found = anew(positives)
            let count = Double(positives.count)
            guard Int(found) >= settings.support else { return 0 }
            return found / count - anew(negatives) / Double(negatives.count)
                - settings.caution * (found + 1).squareRoot() / count
        }
        func best(beside others: [UInt32]) -> (UInt32, Double)? {
            var best: (UInt32, Double)?
            for token in candidates where !others.contains(token) {
                let value = value(token, beside: others)
                if value > max(best?.1 ?? 0, 0) { best = (token, value) }
            }
            return best
        }
        var chosen: [UInt32] = []
        while chosen.count < 8, let next = best(beside: chosen) { chosen.append(next.0) }
        for _ in 0..<settings.exchanges {
            for place in chosen.indices {
                var others = chosen
                let current = others.remove(at: place)
                if let next = best(beside: others), next.1 > value(current, beside: others) + 1e-9 {
                    chosen[place] = next.0
                }
            }
        }
        return chosen
    }
}
