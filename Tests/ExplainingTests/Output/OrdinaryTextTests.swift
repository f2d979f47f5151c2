import Elements
import Testing

@testable import Explaining

@Suite struct OrdinaryTextTests {
    private static func pool(_ count: Int = 60, length: Int = 12) -> [PoolWindow] {
        (0..<count).map { row in
            let window = toyWindow((0..<length).map { UInt32(row * 100 + $0) })
            return PoolWindow(window: window, latents: [], isTrain: row % 3 != 0, isTest: row % 3 != 1)
        }
    }

    @Test func textsAreBeginningsOfWindowsOfTheTrainSideAlone() {
        let texts = OrdinaryText.choose(100, from: Self.pool(), seed: 5, bos: nil)
        // Of three windows one is test, one train, and one both.
        #expect(texts.count == 20)
        for text in texts {
            let row = Int(text.tokens[0]) / 100
            #expect(row % 3 == 1 && (4...12).contains(text.tokens.count))
            #expect(text.tokens == (0..<text.tokens.count).map { UInt32(row * 100 + $0) })
            #expect(text.identity == Self.pool()[row].window.identity)
        }
        #expect(Set(texts.map(\.tokens.count)).count > 4)
    }

    /// The order of the pool and windows that come later change neither which come first nor where they are cut.
    @Test func theChoiceFollowsFromSeedAndWindow() {
        let texts = OrdinaryText.choose(8, from: Self.pool(), seed: 5, bos: nil)
        #expect(texts.count == 8 && OrdinaryText.choose(8, from: Self.pool().reversed(), seed: 5, bos: nil) == texts)
        #expect(OrdinaryText.choose(3, from: Self.pool(), seed: 5, bos: nil) == Array(texts.prefix(3)))
        let more = OrdinaryText.choose(200, from: Self.pool(600), seed: 5, bos: nil)
        #expect(texts.allSatisfy(more.contains))
        #expect(OrdinaryText.choose(8, from: Self.pool(), seed: 6, bos: nil) != texts)
    }

    @Test func everyTextBeginsWithTheTokenThatContextsBeginWith() {
        let long = OrdinaryText.choose(40, from: Self.pool(length: 90), seed: 5, bos: 7)
        #expect(long.count == 20)
        #expect(long.allSatisfy { $0.tokens[0] == 7 && $0.tokens.count <= 33 && !$0.tokens.dropFirst().contains(7) })
        let begun = [PoolWindow(window: toyWindow([7, 1, 2, 3]), latents: [], isTrain: true, isTest: false)]
        #expect(OrdinaryText.choose(4, from: begun, seed: 5, bos: 7).map(\.tokens) == [[7, 1, 2, 3]])
    }

    @Test func shortWindowsAndTextsThatAreThereAlreadyAreLeftOut() {
        let windows = [[1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 4]] as [[UInt32]]
        let pool = windows.map { PoolWindow(window: toyWindow($0), latents: [], isTrain: true, isTest: false) }
        #expect(OrdinaryText.choose(4, from: pool, seed: 5, bos: nil).map(\.tokens) == [[1, 2, 3, 4]])
        #expect(OrdinaryText.choose(4, from: [], seed: 5, bos: nil).isEmpty)
    }
}
