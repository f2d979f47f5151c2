import Dataflow
import Elements
import Evidence
import Observability
import StateFixtures
import Testing

@testable import Stages

@Suite struct PerViewCacheTests {
    private final class Made: Sendable {}

    private func update(epoch: UInt64) throws -> EvidenceUpdate {
        let reservoir = Reservoir(
            settings: try ReservoirSettings(window: 16, sample: 8, top: 2, pool: 16, seed: 7),
            coder: CoderIdentity(name: "codes", hookpoint: "layers.0", latents: 4, digest: Fixture.hash(3)))
        return EvidenceUpdate(view: reservoir.view(), epoch: epoch, isCaughtUp: true)
    }

    @Test func whatIsMadeOfAViewIsMadeOnceAndLetGoOfWhenCleared() async throws {
        let cache = PerViewCache<Made>()
        let update = try update(epoch: 1)
        weak var held: Made?
        do {
            let first = try await cache.made(of: update) { Made() }
            let second = try await cache.made(of: update) { Made() }
            #expect(first === second)
            held = first
        }
        #expect(held != nil)
        await cache.clear()
        #expect(held == nil)
    }

    @Test func aValueThatFailedIsMadeAnewWhenItIsAskedForAgain() async throws {
        let cache = PerViewCache<Int>()
        let update = try update(epoch: 1)
        await #expect(throws: Mishap.self) { try await cache.made(of: update) { throw Mishap() } }
        #expect(try await cache.made(of: update) { 7 } == 7)
        #expect(try await cache.made(of: update) { throw Mishap() } == 7)
    }

    @Test func whatIsKeptIsCountedUntilItIsLetGoOf() async throws {
        let meter = MemoryMeter()
        let cache = PerViewCache<Int>(count: MemoryCount(meter, .pools, name: "evidence") { $0 })
        let update = try update(epoch: 1)
        #expect(meter.bytes == 0)
        for bytes in [100, 20] {
            _ = try await cache.made(of: update, variant: Fixture.hash(UInt64(bytes))) { bytes }
            _ = try await cache.made(of: update, variant: Fixture.hash(UInt64(bytes))) { throw Mishap() }
        }
        #expect(meter.bytes == 120)
        // The third takes the place of the first, and one that failed has no bytes.
        _ = try await cache.made(of: update) { 3 }
        #expect(meter.bytes == 23)
        _ = try? await cache.made(of: update, variant: Fixture.hash(4)) { throw Mishap() }
        #expect(meter.bytes == 3)
        await cache.clear()
        #expect(meter.bytes == 0)
    }

    @Test func severalValuesOfOneViewAreToldApartByTheirVariant() async throws {
        let cache = PerViewCache<Int>()
        let update = try update(epoch: 1)
        #expect(try await cache.made(of: update, variant: Fixture.hash(1)) { 1 } == 1)
        #expect(try await cache.made(of: update, variant: Fixture.hash(2)) { 2 } == 2)
        #expect(try await cache.made(of: update, variant: Fixture.hash(1)) { 3 } == 1)
        // One of the two held makes way for the third.
        #expect(try await cache.made(of: update) { 4 } == 4)
        #expect(try await cache.made(of: update, variant: Fixture.hash(2)) { 5 } == 2)
        #expect(try await cache.made(of: update, variant: Fixture.hash(1)) { 6 } == 6)
    }
}
