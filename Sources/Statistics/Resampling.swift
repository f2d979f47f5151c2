import Dispatch
import Foundation

/// Resamples drawn one after the other by one generator, shared out among cores.
enum Resampling {
    /// Draws below which resamples are not shared out.
    private static let fewDraws = 1 << 18

    /// What `make` makes of each of `count` resamples, which draw `size` numbers each.
    ///
    /// Each core begins where the generator would stand, so that nothing depends on how many there are.
    static func drawn<Resample: Sendable>(
        _ count: Int, size: Int, seed: UInt64, _ make: @Sendable (inout SeededGenerator) -> Resample
    ) -> [Resample] {
        let parts =
            size == 0 || count < fewDraws / size
            ? 1 : min(count, 4 * ProcessInfo.processInfo.activeProcessorCount)
        return [Resample](unsafeUninitializedCapacity: count) { buffer, initialized in
            // Each part writes to places of its own, and all have when the call is over.
            nonisolated(unsafe) let places = buffer
            DispatchQueue.concurrentPerform(iterations: parts) { part in
                let range = part * count / parts..<(part + 1) * count / parts
                var generator = SeededGenerator(seed: seed)
                generator.skip(range.lowerBound * size)
                for number in range { places.initializeElement(at: number, to: make(&generator)) }
            }
            initialized = count
        }
    }

    /// The means of `count` resamples of values, each of as many as there are.
    static func means(of values: [Double], _ count: Int, seed: UInt64) -> [Double] {
        let size = values.count
        return drawn(count, size: size, seed: seed) { generator in
            values.withUnsafeBufferPointer { values in
                var sum = 0.0
                for _ in 0..<size { sum += values[generator.next(below: size)] }
                return sum / Double(size)
            }
        }
    }
}
