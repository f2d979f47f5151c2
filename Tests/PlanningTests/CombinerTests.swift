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
