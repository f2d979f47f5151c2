import Elements
import Evidence
import Explaining
import Hashing
import Lineage
import Scoring
import Testing
import Topology

@testable import Nodes

/// What is stated of explaining and scoring against the bytes of what is held, counted.
@Suite struct ScoringMemoryTests {
    private struct Words: TokenDecoder {
        let count = 4000
        func bytes(of token: UInt32) -> [UInt8] { Array(" w\(token)".utf8) }
        func isSpecial(_ token: UInt32) -> Bool { false }
    }

    private static let latents = 1024
    private static let hashing = WindowHashing(seed: 7)
    private static let settings = Result { try ReservoirSettings(window: 32, sample: 64, top: 4, pool: 2048, seed: 7) }

    /// A full pool: every window as long as it may be, as many latents firing in it as are reckoned with.
    private func pool(windows: Int) -> [PoolWindow] {
        var state: UInt64 = 0x9e37_79b9
        func draw(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        return (0..<windows).map { number in
            let tokens = (0..<32).map { _ in UInt32(draw(4000)) }
            let identity = Self.hashing.identity(of: tokens[...])
            let first = Int32(draw(6))
            let latents = (0..<Int32(Self.latents / 6)).map { first + 6 * $0 }
            return PoolWindow(
                window: Window(tokens: tokens, identity: identity, priority: Self.hashing.priority(of: identity)),
                latents: latents, isTrain: number % 2 == 0, isTest: number % 2 == 1, document: UInt32(number))
        }
    }

    private func memory() throws -> ScoringMemory {
        let plan = ReservoirPlan(settings: try Self.settings.get(), contextLength: 256)
        return ScoringMemory(plan, latents: Self.latents, active: 128, cores: 2)
    }

    /// Whether an estimate lies above what is held, but not far above.
    private func expect(_ estimate: Double, covers held: Int, within factor: Double) {
        #expect(Double(held) <= estimate && estimate <= factor * Double(held), "\(held) held, \(estimate) stated")
    }

    /// The negatives of all windows, and those of each part that comparisons take.
    private func negatives(of pool: [PoolWindow]) -> [Scoring.NegativePool] {
        WindowPart.every.map { part in
            Scoring.NegativePool(
                pool: pool.filter { part.holds(document: $0.document, identity: $0.window.identity) })
        }
    }

    @Test func theDecodedPoolAndItsNegativesTakeNoMoreThanIsStated() throws {
        let pool = pool(windows: 2048)
        let held = negatives(of: pool).map(\.residentBytes).reduce(pool.decodedBytes, +)
        expect(try memory().negatives, covers: held, within: 2.5)
    }

    @Test func theRunsOfTheNegativesTakeNoMoreThanIsStated() throws {
        let held = negatives(of: pool(windows: 2048)).map { TokenRunIndex(of: $0.windows.map(\.window)).residentBytes }
        expect(try memory().runs, covers: held.reduce(0, +), within: 2.5)
    }

    @Test func theTiersTakeNoMoreThanIsStated() throws {
        let pool = pool(windows: 2048)
        let pooled = Dictionary(pool.map { ($0.window.identity, $0.window) }) { first, _ in first }
        expect(
            try memory().tiers, covers: NegativeTiers(pool: pool).residentBytes + pooled.residentBytes, within: 6)
    }

    @Test func theLexicalIndexTakesNoMoreThanIsStated() throws {
        let pool = pool(windows: 2048)
        let index = LexicalIndex(
            pool: pool, latents: Self.latents, vocabulary: LexicalVocabulary(tokenDecoder: Words()))
        // The estimate has room for vocabularies of usual size, and for what is there while the index is made.
        expect(try memory().lexicalIndex - 20e6, covers: pool.decodedBytes + index.residentBytes, within: 6)
    }

    @Test func whatIsStatedDoesNotOverflowForTheLargestSettings() throws {
        let settings = try ReservoirSettings(
            window: 256, sample: 65_536, top: 4096, pool: 1_048_576, recent: 4096, seed: 7)
        let plan = ReservoirPlan(settings: settings, contextLength: 1 << 20)
        let memory = ScoringMemory(plan, latents: Int(Int32.max), active: Int(Int32.max), cores: 1 << 10)
        #expect(memory.negatives.isFinite && memory.tiers.isFinite && memory.lexicalIndex.isFinite)
    }
}
