import Elements
import Glibc
import Testing

@testable import Corpus

@Suite struct StdinSourceTests {
    private func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        try #require(Glibc.pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    private func source(_ descriptor: Int32) -> StdinSource {
        StdinSource(descriptor: descriptor, source: "corpus", timestamp: 5, maximumBytes: 1000, batchBytes: 1000)
    }

    @Test func linesArriveWhileTheWriterIsStillOpen() async throws {
        let ends = try pipe()
        defer { close(ends.read) }
        var iterator = source(ends.read).records().makeAsyncIterator()
        for text in ["first\n", "second\nthi"] { #expect(write(ends.write, text, text.utf8.count) == text.utf8.count) }
        var values: [String] = []
        while values.count < 2, let batch = try await iterator.next() {
            values += batch.map { String(decoding: $0.value ?? [], as: UTF8.self) }
            #expect(batch.allSatisfy { $0.position.topic == "stdin" && $0.timestamp == 5 })
        }
        #expect(write(ends.write, "rd", 2) == 2)
        close(ends.write)
        while let batch = try await iterator.next() {
            values += batch.map { String(decoding: $0.value ?? [], as: UTF8.self) }
        }
        #expect(values == ["first", "second", "third"])
    }

    @Test func gzipIsRecognised() async throws {
        let ends = try pipe()
        defer { close(ends.read) }
        let compressed = gzip(Array("a\nb\n".utf8))
        #expect(write(ends.write, compressed, compressed.count) == compressed.count)
        close(ends.write)
        var values: [[UInt8]?] = []
        for try await batch in source(ends.read).records() { values += batch.map(\.value) }
        #expect(values == [Array("a".utf8), Array("b".utf8)])
    }

    @Test func cancellationEndsTheWaitForInputThatNeverComes() async throws {
        let ends = try pipe()
        let records = source(ends.read).records()
        let task = Task {
            for try await _ in records {}
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        close(ends.write)
    }
}
