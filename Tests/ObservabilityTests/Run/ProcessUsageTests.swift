import Foundation
import Testing

@testable import Observability

@Suite struct ProcessUsageTests {
    /// A line of the kernel's other account of the same process, in KiB.
    private func kibibytes(_ name: String) throws -> Double {
        let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + ":") })
        return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) })
    }

    @Test func memoryAgreesWithTheKernelsOtherAccount() throws {
        let bytes = Double(ProcessUsage.now.residentBytes)
        // Other tests run at the same time, and the kernel counts in batches.
        #expect(bytes > 512 * (try kibibytes("VmRSS")))
        #expect(bytes <= 2048 * (try kibibytes("VmHWM")))
    }

    @Test func processorTimeOnlyGrowsAndIsThatOfAllThreads() throws {
        let first = ProcessUsage.now.processorSeconds
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        #expect(first >= Double(time.tv_sec) + Double(time.tv_nsec) / 1e9 - 0.1)
        // What this thread has used is used by the process.
        var sum = 0.0
        for index in 0..<200_000 { sum += Double(index).squareRoot() }
        #expect(sum > 0)
        #expect(ProcessUsage.now.processorSeconds > first)
    }
}
