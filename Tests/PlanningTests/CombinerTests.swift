import Foundation
import TestSupport
import Testing

@testable import Planning

@Suite struct CombinerTests {
    /// The items that enter samples of `kept` on machines that take turns, drawn.
    private func drawn(keeping kept: Int, of count: Int, machines: Int, seed: Int) -> Int {
        var random = SplitMix(seed: seed)
        var samples = [[UInt64]](repeating: [], count: machines)
        var sent = 0
        for item in 0..<count {
            let (machine, priority) = (item % machines, random.next())
            if samples[machine].count == kept, let largest = samples[machine].last, priority >= largest { continue }
            sent += 1
            samples[machine].insert(
                priority, at: samples[machine].firstIndex { $0 > priority } ?? samples[machine].count)
            if samples[machine].count > kept { samples[machine].removeLast() }
        }
        return sent
    }

    @Test(arguments: [(16, 20_000, 1), (64, 40_000, 4), (128, 5000, 2)])
    func whatIsSentIsWhatEntersDrawnSamples(kept: Int, count: Int, machines: Int) {
        let mean =
            (1...8).map { Double(drawn(keeping: kept, of: count, machines: machines, seed: $0)) }.reduce(0, +) / 8
        let told = Combiner.sent(keeping: Double(kept), of: Double(count), machines: Double(machines))
        #expect(abs(told / mean - 1) < 0.1, "\(told) for \(mean)")
    }

    /// The items that are in a sample of `kept` when it is told and were not the time before, drawn.
    private func drawn(keeping kept: Int, of count: Int, toldTimes times: Int, seed: Int) -> Int {
        var random = SplitMix(seed: seed)
        var (all, told): ([UInt64], Set<UInt64>) = ([], [])
        for time in 1...times {
            for _ in count * (time - 1) / times..<count * time / times { all.append(random.next()) }
            told.formUnion(all.sorted().prefix(kept))
        }
        return told.count
    }

    @Test(arguments: [(64, 20_000, 1), (64, 20_000, 8), (128, 40_000, 20), (256, 1000, 100)])
    func whatIsToldNowAndThenIsWhatIsInDrawnSamplesThen(kept: Int, count: Int, times: Int) {
        let mean = (1...8).map { Double(drawn(keeping: kept, of: count, toldTimes: times, seed: $0)) }.reduce(0, +) / 8
        let told = Combiner.sent(keeping: Double(kept), of: Double(count), machines: 1, told: Double(times))
        #expect(abs(told / mean - 1) < 0.25, "\(told) for \(mean)")
    }

    @Test(arguments: [1.5, 16, 128, 1000, 20_000]) func distancesTakeTheBytesOfVarints(mean: Double) {
        var random = SplitMix(seed: 5)
        let bytes = (0..<20_000).map { _ -> Double in
            let distance = -mean * log(Double(random.next() >> 11) / 0x1p53)
            return distance < 128 ? 1 : distance < 16_384 ? 2 : 3
        }
        #expect(abs(Combiner.bytes(ofDistance: mean) - bytes.reduce(0, +) / 20_000) < 0.02)
    }

    @Test func allIsSentWhereThereIsRoomForIt() {
        #expect(Combiner.sent(keeping: 128, of: 100, machines: 1) == 100)
        #expect(Combiner.sent(keeping: 128, of: 512, machines: 4) == 512)
        #expect(Combiner.sent(keeping: 0, of: 512, machines: 4) == 0)
        #expect(Combiner.sent(keeping: 128, of: 0, machines: 4) == 0)
    }

    @Test func aCombinerSendsNoMoreThanThereIs() {
        for count in [1.0, 127, 128, 129, 1000, 1e6, 1e12] {
            for machines in [1.0, 2, 64] {
                let sent = Combiner.sent(keeping: 128, of: count, machines: machines)
                #expect(sent <= count && sent >= min(count, 128))
            }
        }
    }
}
