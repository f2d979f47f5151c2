import StateFixtures
import Testing

@testable import Observability

@Suite struct MemoryMeterTests {
    private func bytes(_ meter: MemoryMeter) -> [MemoryMeter.Part: Int] {
        Dictionary(uniqueKeysWithValues: meter.reading.map { ($0.part, $0.bytes) })
    }

    @Test func holdersOfAPartAreAddedUp() {
        let meter = MemoryMeter(budget: 100)
        meter.set(7, of: .evidence, by: "one")
        meter.set(5, of: .evidence, by: "two")
        meter.add(3, to: .pools, by: "one")
        meter.add(4, to: .pools, by: "one")
        #expect(bytes(meter) == [.evidence: 12, .pools: 7, .tiers: 0, .vectors: 0, .terms: 0])
        #expect(meter.bytes == 19 && meter.budget == 100)
        // What is set takes the place of what was there; what is added may be taken back.
        meter.set(1, of: .evidence, by: "one")
        meter.add(-7, to: .pools, by: "one")
        meter.set(0, of: .evidence, by: "two")
        #expect(bytes(meter) == [.evidence: 1, .pools: 0, .tiers: 0, .vectors: 0, .terms: 0])
    }

    @Test func thePageTellsWhatIsHeldWhatIsAllowedAndWhatIsSampled() throws {
        let progress = RunProgress(memory: MemoryMeter(budget: 4096))
        progress.memory.set(300, of: .evidence, by: "evidence")
        progress.samples(64, of: "evidence")
        let metrics = RunMetrics(progress: progress, version: "1", topology: "t", digest: "d")
        let page = try PrometheusPage(metrics.render(timers: []))
        #expect(page["gloss_memory_held_bytes"]?.value(["part": "evidence"]) == 300)
        #expect(page["gloss_memory_held_bytes"]?.value(["part": "terms"]) == 0)
        #expect(page["gloss_memory_budget_bytes"]?.value() == 4096)
        #expect(page["gloss_reservoir_sample"]?.value(["component_id": "evidence"]) == 64)
    }
}
