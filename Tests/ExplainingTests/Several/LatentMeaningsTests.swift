import Elements
import Examples
import Foundation
import Hashing
import Testing

@testable import Explaining

@Suite struct LatentMeaningsTests {
    private typealias Fixture = MeaningFixture
    private let two: [(trigger: UInt32, words: [UInt32])] = [(1, [10, 11, 12]), (2, [20, 21, 22])]

    @Test(arguments: 1...4) func aLatentHasAsManyMeaningsAsDisjointTemplates(count: Int) {
        let templates = (1...UInt32(count)).map { (number: UInt32) -> (trigger: UInt32, words: [UInt32]) in
            (number, [10 * number, 10 * number + 1])
        }
        for seed in 1...5 {
            let meanings = Fixture.meanings(Fixture.windows(templates, each: 20, seed: UInt64(seed)))
            #expect(abs(meanings.parts.meanings - Double(count)) < 1e-9 && meanings.parts.clusters == count)
            #expect(meanings.parts.parts.count == (count > 1 ? count : 0))
            for members in meanings.members { #expect(Set(members.map { $0.window.tokens[9] }).count == 1) }
        }
    }

    /// Of words that have nothing in common, no clusters are made.
    @Test func noiseIsOneMeaning() {
        for seed in 1...10 {
            let meanings = Fixture.meanings(Fixture.noise(80, seed: UInt64(seed)))
            #expect(meanings.parts == .one && meanings.members.isEmpty)
        }
    }

    /// One trigger in two surroundings is closer than two triggers, and one meaning.
    @Test func oneTokenInVariedSurroundingsIsOneMeaning() {
        for seed in 1...10 {
            let meanings = Fixture.meanings(Fixture.windows([(1, [])], each: 80, seed: UInt64(seed)))
            #expect(meanings.parts == .one)
        }
    }

    /// e to the entropy of masses of three to one.
    @Test func theNumberOfMeaningsIsTheEffectiveNumberOfWeights() {
        var generator = TestGenerator(state: 4)
        let train = (0..<40).map { number in
            number % 2 == 0
                ? Fixture.example(1, words: [10, 11], activation: 6, using: &generator)
                : Fixture.example(2, words: [20, 21], activation: 2, using: &generator)
        }
        let parts = Fixture.meanings(train).parts
        #expect(parts.parts.map(\.windows) == [20, 20])
        #expect(abs(parts.parts[0].weight - 0.75) < 1e-12 && abs(parts.parts[1].weight - 0.25) < 1e-12)
        #expect(abs(parts.meanings - exp(-(0.75 * log(0.75) + 0.25 * log(0.25)))) < 1e-12)
        #expect(abs(parts.rest) < 1e-12)
    }

    @Test func whatIsInNoClusterOfWeightIsTheRest() {
        let train = Fixture.windows(two, each: 30, seed: 2) + Fixture.noise(12, seed: 3)
        let parts = Fixture.meanings(train).parts
        #expect(parts.clusters == 2 && parts.parts.count == 2)
        let inside = parts.parts.reduce(0) { $0 + $1.weight }
        #expect(abs(inside + parts.rest - 1) < 1e-12 && parts.rest <= 12.0 / 72 + 1e-12)
    }

    @Test func ofMoreClustersThanPartsTheHeaviestAreTaken() {
        var settings = SeveralSettings()
        settings.maximumParts = 2
        settings.fewest = 4
        let templates: [(trigger: UInt32, words: [UInt32])] = [(1, [10, 11]), (2, [20, 21]), (3, [30, 31])]
        let train = Fixture.windows(templates, each: 10, seed: 1) + Fixture.windows(two, each: 5, seed: 2)
        let parts = Fixture.meanings(train, settings: settings).parts
        #expect(parts.clusters == 3 && parts.parts.map(\.windows) == [15, 15] && abs(parts.rest - 0.25) < 1e-12)
        #expect(parts.meanings > 2.9 && parts.meanings < 3)
    }

    @Test func tooFewWindowsAreOneMeaning() {
        #expect(Fixture.meanings(Fixture.windows(two, each: 7, seed: 1)).parts == .one)
        #expect(Fixture.meanings(Fixture.windows(two, each: 8, seed: 1)).parts.clusters == 2)
        #expect(Fixture.meanings([]).parts == .one)
    }

    @Test func theSameEvidenceGivesTheSamePartsEachTime() {
        let train = Fixture.windows(two, each: 30, seed: 2) + Fixture.noise(12, seed: 3)
        let first = Fixture.meanings(train)
        for _ in 0..<3 {
            let again = Fixture.meanings(train)
            #expect(again.parts == first.parts && again.members == first.members)
        }
        // The order of sampling is that of priorities; another one moves at most what is equal.
        #expect(Set(Fixture.meanings(train.reversed()).members.map(Set.init)) == Set(first.members.map(Set.init)))
    }

    /// Windows that were not clustered go where those like them went, and others nowhere.
    @Test func furtherWindowsAreGivenToThePartTheyAreLike() {
        let parts = Fixture.meanings(Fixture.windows(two, each: 30, seed: 2)).parts
        let triggers = parts.parts.indices.map { part in
            parts.tokens.first { $0.isFired && $0.values[part] > 0.1 }?.text
        }
        func part(_ example: Example) -> Int? { parts.part(of: TellingTokens(of: example, tokenDecoder: Fixture.text)) }
        let further = Fixture.windows(two, each: 20, seed: 50)
        for example in further { #expect(part(example).map { triggers[$0] } == "w\(example.window.tokens[9])") }
        #expect(Fixture.noise(20, seed: 5).dropFirst(3).allSatisfy { part($0) == nil })
    }

    /// The mean likeness to the part's windows, by the halves' cosines pair by pair.
    @Test func likenessToAPartIsTheMeanOverItsWindows() {
        let train = Fixture.windows([(1, [10, 11, 12, 13]), (2, [20, 21, 22, 23])], each: 8, seed: 2)
            .map { example in
                // Nothing near but the template's words, so that no token of a part is left out.
                let tokens = example.window.tokens.enumerated().map { place, token in
                    (5...9).contains(place) ? token : 999
                }
                return Example(
                    window: toyWindow(tokens + [example.window.tokens[12]]), activations: example.activations + [0])
            }
        let meanings = Fixture.meanings(train)
        let rarity = TokenRarity(pool: Fixture.pool(), tokenDecoder: Fixture.text)
        let near = TellingTokens(of: train[0], tokenDecoder: Fixture.text)
        func cosine(_ a: [String: Double], _ b: [String: Double]) -> Double {
            func length(_ x: [String: Double]) -> Double { x.values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
            return a.reduce(0) { $0 + $1.value * (b[$1.key] ?? 0) } / length(a) / length(b)
        }
        func weights(_ texts: Set<String>) -> [String: Double] {
            Dictionary(uniqueKeysWithValues: texts.map { ($0, rarity[$0]) })
        }
        let found = meanings.parts.likeness(of: near)
        for (part, members) in meanings.members.enumerated() {
            let mean =
                members.reduce(0.0) { sum, member in
                    let other = TellingTokens(of: member, tokenDecoder: Fixture.text)
                    return sum + (cosine(near.fired, other.fired) + cosine(weights(near.near), weights(other.near))) / 2
                } / Double(members.count)
            // Kept to four digits.
            #expect(abs(found[part] - mean) < 1e-3)
        }
    }
}
