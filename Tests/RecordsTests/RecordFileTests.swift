import Corpus
import Elements
import TestSupport
import Testing

@testable import Records

@Suite struct RecordFileTests {
    private let folder: TemporaryFolder
    private let records: [[UInt8]]

    init() throws {
        folder = try TemporaryFolder()
        records = try [
            SampleRecords.activations(.f16).encoded(), SampleRecords.codes(.f16).encoded(),
            SampleRecords.activations(.f32).encoded(),
        ]
    }

    private func read(_ bytes: [UInt8], holding most: Int = 1 << 20) throws -> [RawRecord] {
        let file = try RecordFile(path: folder.write(bytes, to: "file"))
        var found: [RawRecord] = []
        var offset: Int64 = 0
        while let record = try file.record(at: offset, source: "node", holding: most) {
            #expect(record.next > offset)
            found.append(record)
            offset = record.next
        }
        #expect(offset == Int64(bytes.count))
        return found
    }

    /// The codes of faults, `nil` for a sound record.
    private func faults(_ found: [RawRecord]) -> [RecordFault.Code?] {
        found.map { record in
            let value = record.value ?? []
            if (try? ActivationRecord(value)) != nil || (try? CodeRecord(value)) != nil { return nil }
            do throws(RecordFault) {
                _ = try RecordPrelude(value).kind == .codes ? CodeRecord(value).header : ActivationRecord(value).header
                return nil
            } catch {
                return error.code
            }
        }
    }

    @Test func recordsComeOneAfterTheOtherWithTheirOffsets() throws {
        let found = try read(records.flatMap(\.self))
        #expect(found.map(\.value) == records)
        #expect(
            found.map(\.position.offset) == [0, Int64(records[0].count), Int64(records[0].count + records[1].count)])
        #expect(found.allSatisfy { $0.position.source == "node" && $0.position.topic == folder.file("file") })
        #expect(try read([]).isEmpty)
    }

    @Test func whatIsDamagedAnywhereTakesNoOtherRecordWithIt() throws {
        let bytes = records.flatMap(\.self)
        let (first, second) = (records[0].count, records[0].count + records[1].count)
        for place in first..<second {
            var changed = bytes
            changed[place] ^= 0x10
            let found = try read(changed)
            #expect(found.first?.value == records[0] && found.last?.value == records[2])
            #expect(found.count == 3 && faults(found)[1] != nil, "byte \(place)")
        }
    }

    @Test func aRecordThatWasNeverFinishedEndsWhereTheNextBegins() throws {
        for count in 1..<records[0].count {
            let found = try read(Array(records[0].prefix(count)) + records[1] + records[2])
            #expect(found.map(\.value) == [Array(records[0].prefix(count)), records[1], records[2]], "\(count) bytes")
            let last = try read(records[1] + records[0].prefix(count))
            #expect(last.map(\.value) == [records[1], Array(records[0].prefix(count))])
            #expect([.cutOff, .notARecord].contains(faults(last)[1]))
        }
    }

    @Test func whatIsNoRecordIsPassedOverAsOne() throws {
        let noise = [UInt8]("GLSGLSRRGLSR and more that begins like one".utf8)
        let found = try read(noise + records[0] + noise + noise)
        #expect(found.map(\.value) == [noise, records[0], noise + noise])
        #expect(faults(found) == [.notARecord, nil, .notARecord])
    }

    @Test func ofWhatIsTooLargeOnlyTheStartIsHeld() throws {
        let long = [UInt8](repeating: 7, count: 600_000)
        let found = try read(records[0] + long + records[1], holding: 1000)
        #expect(found.map { $0.value?.count } == [records[0].count, 64 << 10, records[1].count])
        #expect(found.map(\.next).last == Int64(600_000 + records[0].count + records[1].count))
    }

    @Test func readingGoesOnAtTheNextStart() throws {
        let file = try RecordFile(path: folder.write(records.flatMap(\.self), to: "file"))
        let second = Int64(records[0].count)
        #expect(try file.resumption(notBefore: 0) == 0)
        #expect(try file.resumption(notBefore: 1) == second)
        #expect(try file.resumption(notBefore: second) == second)
        #expect(try file.resumption(notBefore: second + Int64(records[1].count) + 1) == file.size)
    }

    @Test func aFileThatIsNotThereIsNamed() throws {
        let path = folder.file("none")
        #expect {
            _ = try RecordFile(path: path)
        } throws: {
            "\($0)".hasPrefix("\(path): cannot open")
        }
    }
}
