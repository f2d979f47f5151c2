import Corpus
import Elements
import Records
import Running
import TestSupport
import Testing

@testable import RecordReading

@Suite(.timeLimit(.minutes(5))) struct RecordFileSourceTests {
    private let folder: TemporaryFolder
    private let records: [[UInt8]]

    init() throws {
        folder = try TemporaryFolder()
        records = try (10..<14).map { try SampleRecord.codes(first: $0) }
    }

    private func source(_ path: String, acceptsGap: Bool = false) -> RecordFileSource {
        RecordFileSource(node: "node", path: path, maximumBytes: 1 << 20, acceptsGap: acceptsGap, onGap: { _ in })
    }

    private func read(_ source: RecordFileSource, after fences: [Fence] = []) async throws -> [RawRecord] {
        _ = try await source.start(after: fences, until: StopSignal())
        var found: [RawRecord] = []
        for try await batch in source.batches { found += batch.records }
        return found
    }

    private func fence(after record: RawRecord, hash: UInt64? = nil) -> Fence {
        Fence(
            source: "node", topic: record.position.topic, partition: 0, next: record.next,
            last: Fence.LastRecord(offset: record.position.offset, hash: hash ?? record.valueHash))
    }

    @Test func filesOfAFolderAreReadInTheOrderOfTheirNames() async throws {
        let second = try folder.write(records[2] + records[3], to: "b.records")
        let first = try folder.write(records[0] + records[1], to: "a.records")
        try folder.write(records[0], to: "c.part")
        let found = try await read(source(folder.path))
        #expect(found.map(\.value) == records)
        #expect(found.map(\.position.topic) == [first, first, second, second])
        let rest = try await read(source(folder.path), after: [fence(after: found[1]), fence(after: found[2])])
        #expect(rest.map(\.value) == [records[3]])
    }

    @Test func afterAFenceReadingGoesOnAndFindsWhatWasAdded() async throws {
        let path = try folder.write(records[0] + records[1], to: "a.records")
        let found = try await read(source(path))
        try folder.write(records[0] + records[1] + records[2], to: "a.records")
        let later = try await read(source(path), after: [fence(after: found[1])])
        #expect(later.map(\.value) == [records[2]])
        #expect(later.map(\.position.offset) == [found[1].next])
    }

    @Test func aFileThatWasChangedIsRefusedUnlessTheGapIsAccepted() async throws {
        let path = try folder.write(records[0] + records[1] + records[2], to: "a.records")
        let found = try await read(source(path))
        let fence = fence(after: found[1])
        // The second record is another one now, and one byte longer things stand elsewhere.
        try folder.write(records[0] + [9] + records[3] + records[2], to: "a.records")
        let error = await #expect(throws: DaemonError.self) {
            _ = try await source(path).start(after: [fence], until: StopSignal())
        }
        #expect(error?.kind == .fence && error?.description.contains("the record at byte") == true)
        let rest = try await read(source(path, acceptsGap: true), after: [fence])
        #expect(rest.map(\.value) == [records[2]])
    }

    @Test func aFileThatWasCutIsRefused() async throws {
        let path = try folder.write(records[0] + records[1], to: "a.records")
        let fence = fence(after: try await read(source(path))[1])
        try folder.write(records[0], to: "a.records")
        await #expect(throws: DaemonError.self) {
            _ = try await source(path).start(after: [fence], until: StopSignal())
        }
    }

    @Test func aFileThatIsNotThereEndsTheRunWithItsName() async throws {
        let path = folder.file("none")
        await #expect {
            _ = try await read(source(path))
        } throws: {
            "\($0)".contains(path)
        }
    }
}
