import Foundation
import TerminalText
import Testing

@Suite struct DescriptorWriterTests {
    /// A pipe whose ends close with it.
    private final class Ends {
        private(set) var reading: Int32 = -1
        private(set) var writing: Int32 = -1

        init() throws {
            signal(SIGPIPE, SIG_IGN)
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
        }

        func closeReading() {
            if reading >= 0 { close(reading) }
            reading = -1
        }

        deinit {
            closeReading()
            close(writing)
        }
    }

    @Test func aFullDeviceIsToldByItsName() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(full >= 0)
        defer { close(full) }
        let failure = #expect(throws: WriteFailure.self) { try DescriptorWriter(full).write("a line\n") }
        #expect(failure == WriteFailure(code: ENOSPC))
        #expect(failure?.isClosedPipe == false)
        #expect(failure.map { "\($0)" } == "No space left on device")
    }

    @Test func aReaderThatHasGoneIsAClosedPipe() throws {
        let ends = try Ends()
        ends.closeReading()
        let failure = #expect(throws: WriteFailure.self) { try DescriptorWriter(ends.writing).write("a line\n") }
        #expect(failure?.isClosedPipe == true)
    }

    @Test func aDescriptorThatIsNotOpenIsAFailureToo() {
        let failure = #expect(throws: WriteFailure.self) { try DescriptorWriter(-1).write("a line\n") }
        #expect(failure == WriteFailure(code: EBADF))
    }

    @Test func nothingIsWrittenOfAnEmptyText() throws { try DescriptorWriter(-1).write("") }

    /// The pipe holds less than the text and gives up rather than wait.
    @Test func allOfATextArrivesThroughAPipeThatIsFullAtTimes() throws {
        let ends = try Ends()
        try #require(fcntl(ends.writing, F_SETFL, O_NONBLOCK) == 0)
        let text = (0..<40_000).map { "line \($0)" }.joined(separator: "\n")
        let reading = ends.reading
        let reader = Reader(descriptor: reading, count: text.utf8.count)
        Thread.detachNewThread { reader.run() }
        try DescriptorWriter(ends.writing).write(text)
        #expect(reader.text() == text)
    }
}

/// Reads a number of bytes on a thread of its own.
///
/// `@unchecked Sendable`: the bytes are handed over by the semaphore.
private final class Reader: @unchecked Sendable {
    private let descriptor: Int32
    private let count: Int
    private let finished = DispatchSemaphore(value: 0)
    private var bytes: [UInt8] = []

    init(descriptor: Int32, count: Int) {
        self.descriptor = descriptor
        self.count = count
    }

    func run() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < count {
            let found = read(descriptor, &buffer, buffer.count)
            guard found > 0 else { break }
            bytes += buffer[..<found]
        }
        finished.signal()
    }

    func text() -> String {
        finished.wait()
        return String(decoding: bytes, as: UTF8.self)
    }
}
