import Corpus
import Dataflow
import Elements
import Foundation
import Observability
import Running
import StateFixtures
import Synchronization
import Testing

@testable import RecordReading

@Suite(.timeLimit(.minutes(5))) struct FileRecordSourceTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path + "/corpus.txt"
        try write("one\ntwo\nthree\n")
    }

    private func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }

    private func source(
        acceptsGap: Bool = false, onGap: @escaping @Sendable (String) throws -> Void = { _ in }
    ) -> FileRecordSource {
        FileRecordSource(
            node: "corpus", path: path, maximumBytes: 1000, acceptsGap: acceptsGap, onGap: onGap,
            disk: ComputePool(name: "disk", threads: 1))
    }

    private func records(of source: FileRecordSource) async throws -> [RawRecord] {
        var records: [RawRecord] = []
        for try await batch in source.batches { records += batch.records }
        return records
    }

    private func texts(of source: FileRecordSource) async throws -> [String] {
        try await records(of: source).map { String(decoding: $0.value ?? [], as: UTF8.self) }
    }

    /// The fence after the second line.
    private func fence() async throws -> Fence {
        let second = try await records(of: source())[1]
        return Fence(
            source: "corpus", topic: path, partition: 0, next: second.next,
            last: Fence.LastRecord(offset: second.position.offset, hash: second.valueHash))
    }

    @Test func withoutAFenceItIsReadFromItsStart() async throws {
        let (source, stop) = (source(), StopSignal())
        let other = Fence(source: "corpus", topic: path + ".old", partition: 0, next: 4, last: nil)
        #expect(try await source.start(after: [other], until: stop) == [other])
        #expect(try await texts(of: source) == ["one", "two", "three"])
    }

    @Test func afterAFenceTheRestIsRead() async throws {
        let (source, fence) = (source(), try await fence())
        #expect(try await source.start(after: [fence], until: StopSignal()) == [fence])
        #expect(try await texts(of: source) == ["three"])
    }

    @Test func itTellsHowFarItHasBeenRead() async throws {
        let (source, fence) = (source(), try await fence())
        #expect(source.extent == nil)
        _ = try await source.start(after: [fence], until: StopSignal())
        // "three" and its line end are left of 14 bytes.
        #expect(source.extent == SourceExtent(read: 0, left: 6))
        _ = try await records(of: source)
        #expect(source.extent == SourceExtent(read: 6, left: 0))
    }

    @Test func aFileThatWasOnlyAppendedToFits() async throws {
        let (source, fence) = (source(), try await fence())
        try write("one\ntwo\nthree\nfour\n")
        #expect(try await source.start(after: [fence], until: StopSignal()) == [fence])
        #expect(try await texts(of: source) == ["three", "four"])
    }

    @Test(arguments: ["one\nTWO\nthree\n", "one\n", "first\nsecond\n"])
    func aFileThatWasChangedIsRefused(text: String) async throws {
        let fence = try await fence()
        try write(text)
        let error = try await #require(throws: DaemonError.self) {
            _ = try await source().start(after: [fence], until: StopSignal())
        }
        #expect(error.kind == .fence)
        #expect(error.description.hasPrefix("\(path): the line at byte 4 is not the one"))
    }

    @Test func anAcceptedChangeIsNotedAndReadFromTheSameByte() async throws {
        let fence = try await fence()
        try write("one\nTWO\nTHREE\n")
        let told = Mutex(0)
        let source = source(acceptsGap: true, onGap: { _ in told.withLock { $0 += 1 } })
        let started = try await source.start(after: [fence], until: StopSignal())
        #expect(started == [Fence(source: "corpus", topic: path, partition: 0, next: 8, last: nil)])
        #expect(try await texts(of: source) == ["THREE"])
        #expect(told.withLock { $0 } == 1)
    }

    @Test func aChangeThatCannotBeNotedEndsTheStart() async throws {
        let fence = try await fence()
        try write("one\nTWO\nthree\n")
        await #expect(throws: Mishap.self) {
            _ = try await source(acceptsGap: true, onGap: { _ in throw Mishap() })
                .start(after: [fence], until: StopSignal())
        }
    }

    @Test func standardInputStartsAnywhere() async throws {
        let stdin = StdinRecordSource(node: "corpus", timestamp: 0, maximumBytes: 1000)
        let fences = [Fixture.fence(next: 5)]
        #expect(try await stdin.start(after: fences, until: StopSignal()) == fences)
        #expect(await !stdin.isCaughtUp(with: [:]))
    }

    /// What the refusal recommends works: reading goes on at the end, or where the next line starts.
    @Test(
        arguments: [
            ("one\n", 4, []), ("one", 3, []), ("", 0, []), ("one\ntwo and more\nthree\nfour\n", 17, ["three", "four"]),
            ("one\nthe last line is cut", 24, []),
        ])
    func anAcceptedCutIsReadOnFromWhereThatIsPossible(text: String, next: Int64, rest: [String]) async throws {
        let fence = try await fence()
        try write(text)
        let refusing = source()
        let refusal = await #expect(throws: DaemonError.self) {
            _ = try await refusing.start(after: [fence], until: StopSignal())
        }
        #expect(refusal?.description.contains("--accept-gap to go on from byte \(next) ") == true)
        let accepting = source(acceptsGap: true, onGap: { _ in })
        let started = try await accepting.start(after: [fence], until: StopSignal())
        #expect(started == [Fence(source: "corpus", topic: path, partition: 0, next: next, last: nil)])
        #expect(try await texts(of: accepting) == rest)
    }
}
