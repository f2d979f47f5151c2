import Elements
import Foundation
import TestSupport
import Testing

@testable import Corpus

@Suite struct FileSourceTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func source(_ path: String, maximumBytes: Int = 1 << 20, batchBytes: Int = 1 << 20) -> FileSource {
        FileSource(path: path, source: "corpus", maximumBytes: maximumBytes, batchBytes: batchBytes)
    }

    private func records(_ source: FileSource, from offset: Int64 = 0) async throws -> [RawRecord] {
        var records: [RawRecord] = []
        for try await batch in source.records(from: offset) {
            #expect(!batch.isEmpty)
            records += batch
        }
        return records
    }

    private static let text = Array("{\"text\":\"é\"}\r\n\n  \n{\"text\":\"two\"}\nthree\n\n{\"text\":\"last\"}".utf8)

    @Test func theLengthIsThatOfTheText() throws {
        let long = Array(String(repeating: "a line of text\n", count: 5000).utf8)
        for text in [long, Self.text] {
            #expect(source(try folder.write(text, to: "plain")).length == Int64(text.count))
            #expect(source(try folder.write(gzip(text), to: "compressed")).length == Int64(text.count))
        }
        // The end of the file tells of its last member alone.
        #expect(source(try folder.write(gzip(long) + gzip(long) + gzip([]), to: "members")).length == nil)
        #expect(source(folder.path + "/none").length == nil)
        #expect(source("/dev/null").length == nil)
    }

    @Test func recordsCarryPositionTimeAndHash() async throws {
        let path = try folder.write(Array("a\nbc\n".utf8), to: "corpus.ndjson")
        let modified = Date(timeIntervalSince1970: 1_600_000_000.25)
        try FileManager.default.setAttributes([.modificationDate: modified], ofItemAtPath: path)
        let found = try await records(source(path))
        #expect(found.map(\.value) == [Array("a".utf8), Array("bc".utf8)])
        #expect(found.map(\.position.offset) == [0, 2])
        #expect(found.map(\.next) == [2, 5])
        #expect(found.allSatisfy { $0.position.topic == path && $0.position.source == "corpus" && $0.key == nil })
        #expect(found.allSatisfy { $0.timestamp == 1_600_000_000_250 })
        for record in found { #expect(try source(path).hash(ofRecordAt: record.position.offset) == record.valueHash) }
        #expect(found.first?.valueHash != found.last?.valueHash)
    }

    @Test(arguments: [false, true])
    func resumingAtEveryLineGivesTheTailOfAFullRead(isCompressed: Bool) async throws {
        let path = try folder.write(isCompressed ? gzip(Self.text) : Self.text, to: "corpus.ndjson")
        let all = try await records(source(path))
        #expect(all.count == 4)
        for (index, record) in all.enumerated() {
            #expect(try await records(source(path), from: record.position.offset) == Array(all[index...]))
            #expect(try await records(source(path), from: record.next) == Array(all[(index + 1)...]))
            #expect(try source(path).hash(ofRecordAt: record.position.offset) == record.valueHash)
        }
    }

    @Test(arguments: [false, true])
    func offsetsWhereNoLineStartsAreRefused(isCompressed: Bool) async throws {
        let path = try folder.write(isCompressed ? gzip(Self.text) : Self.text, to: "corpus.ndjson")
        await #expect(throws: CorpusError.offsetInsideLine(path: path, offset: 3)) {
            try await records(source(path), from: 3)
        }
        await #expect(throws: CorpusError.offsetInsideLine(path: path, offset: -1)) {
            try await records(source(path), from: -1)
        }
        let size = Int64(Self.text.count)
        await #expect(throws: CorpusError.offsetBeyondEnd(path: path, offset: size + 7, size: size)) {
            try await records(source(path), from: size + 7)
        }
        await #expect(throws: CorpusError.offsetBeyondEnd(path: path, offset: .max, size: size)) {
            try await records(source(path), from: .max)
        }
        #expect(try source(path).hash(ofRecordAt: 3) == nil)
        #expect(try source(path).hash(ofRecordAt: size) == nil)
        #expect(try source(path).hash(ofRecordAt: size + 1) == nil)
        // A blank line is no record.
        #expect(try source(path).hash(ofRecordAt: 15) == nil)
    }

    @Test func aFileCutBehindTheFenceIsRefused() async throws {
        let path = try folder.write(Array("a\nb\n".utf8), to: "corpus.ndjson")
        let next = try #require(try await records(source(path)).last).next
        try folder.write(Array("a\n".utf8), to: "corpus.ndjson")
        await #expect(throws: CorpusError.offsetBeyondEnd(path: path, offset: next, size: 2)) {
            try await records(source(path), from: next)
        }
    }

    @Test func anEmptyFileHasNoRecords() async throws {
        for bytes in [[], Array("\n\r\n  \n".utf8), gzip([])] {
            #expect(try await records(source(try folder.write(bytes, to: "corpus.ndjson"))).isEmpty)
        }
    }

    @Test func batchesAreBoundedInBytesAndGiveTheSameRecords() async throws {
        let text = (0..<20_000).flatMap { Array("{\"text\":\"line \($0) of a corpus with some words in it\"}\n".utf8) }
        for bytes in [text, gzip(text)] {
            let path = try folder.write(bytes, to: "corpus.ndjson")
            var count = 0
            var weights: [Int] = []
            for try await batch in source(path, batchBytes: 300_000).records() {
                count += batch.count
                weights.append(batch.reduce(0) { $0 + $1.valueSize + 128 })
            }
            #expect(count == 20_000)
            #expect(weights.count >= 4)
            // One read past the bound is the most that can be on top.
            #expect(weights.allSatisfy { $0 < 300_000 + 262_144 * 4 })
        }
    }

    @Test func aTenMegabyteLineArrivesWholeOrFlagged() async throws {
        let long = [UInt8](repeating: 0x61, count: 10_000_000)
        for bytes in [long + Array("\nb\n".utf8), gzip(long + Array("\nb\n".utf8))] {
            let path = try folder.write(bytes, to: "corpus.ndjson")
            let whole = try await records(source(path, maximumBytes: 10_000_000))
            #expect(whole.map(\.valueSize) == [10_000_000, 1])
            #expect(whole.first?.value == long)
            let flagged = try await records(source(path, maximumBytes: 9_999_999))
            #expect(flagged.map(\.valueSize) == [10_000_000, 1])
            #expect(flagged.map(\.next) == [10_000_001, 10_000_003])
            #expect(flagged.first?.value?.count == 65_536)
            #expect(flagged.first?.valueHash == whole.first?.valueHash)
            #expect(try source(path, maximumBytes: 10).hash(ofRecordAt: 0) == whole.first?.valueHash)
            let decoder = RecordDecoder(format: .text, node: "corpus", maximumBytes: 9_999_999)
            guard case .deadLetter(let letter) = decoder.decode(try #require(flagged.first)) else {
                Issue.record("taken")
                continue
            }
            #expect(letter.code == "too-large")
            #expect(letter.reason.contains("10000000 bytes"))
        }
    }

    @Test func aMissingFileAndAFolderAreNamed() async throws {
        let missing = folder.path + "/none"
        await #expect(throws: CorpusError.self) { try await records(source(missing)) }
        do {
            _ = try await records(source(missing))
        } catch {
            #expect("\(error)".contains(missing) && "\(error)".contains("No such file"))
        }
        await #expect(throws: CorpusError.self) { try await records(source(folder.path)) }
    }
}
