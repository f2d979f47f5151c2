import TestSupport
import Testing

@testable import Corpus

@Suite struct GzipInputTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let text = (0..<30_000).flatMap { Array("line \($0 &* 2_654_435_761 % 1_000_003)\n".utf8) }

    private func read(_ bytes: [UInt8]) async throws -> (values: [UInt8], error: CorpusError?, path: String) {
        let path = try folder.write(bytes, to: "corpus.ndjson")
        var values: [UInt8] = []
        do {
            for try await batch in FileSource(path: path, source: "corpus", batchBytes: 10_000).records() {
                for record in batch { values += (record.value ?? []) + [0x0a] }
            }
            return (values, nil, path)
        } catch let error as CorpusError {
            return (values, error, path)
        }
    }

    @Test func membersInARowAreOneText() async throws {
        let text = Self.text
        let middle = text.count / 3 + 1
        for tail in [[], [UInt8](repeating: 0, count: 100_000)] {
            let found = try await read(gzip(Array(text[..<middle])) + gzip([]) + gzip(Array(text[middle...])) + tail)
            #expect(found.error == nil)
            #expect(found.values == text)
        }
    }

    @Test(arguments: [0.01, 0.5, 0.9])
    func aTruncatedFileGivesWhatIsWholeAndThenAnError(share: Double) async throws {
        let compressed = gzip(Self.text)
        let cut = Int(Double(compressed.count) * share)
        let found = try await read(Array(compressed[..<cut]))
        #expect(found.error == .truncatedGzip(path: found.path, offset: Int64(cut)))
        #expect(Self.text.starts(with: found.values))
        #expect(found.values.count > Int(Double(Self.text.count) * (share - 0.05)))
    }

    @Test func aFileCutInsideTheTrailerIsTruncated() async throws {
        let compressed = gzip(Self.text)
        let found = try await read(compressed.dropLast(3))
        #expect(found.error == .truncatedGzip(path: found.path, offset: Int64(compressed.count - 3)))
        #expect(found.values == Self.text)
    }

    @Test func aCorruptFileIsAnErrorThatNamesFileAndPlace() async throws {
        var compressed = gzip(Self.text)
        let place = compressed.count / 2
        for index in place..<place + 40 { compressed[index] ^= 0x5a }
        let found = try await read(compressed)
        guard case .corruptGzip(let path, let offset, _)? = found.error else {
            Issue.record("\(String(describing: found.error))")
            return
        }
        #expect(path == found.path)
        #expect(offset >= Int64(place))
        #expect(found.error?.description.contains("byte \(offset)") == true)
    }

    @Test func aWrongChecksumIsAnError() async throws {
        var compressed = gzip(Self.text)
        compressed[compressed.count - 6] ^= 1
        let found = try await read(compressed)
        guard case .corruptGzip? = found.error else {
            Issue.record("\(String(describing: found.error))")
            return
        }
        #expect(found.values == Self.text)
    }

    @Test func bytesBehindTheLastMemberAreAnError() async throws {
        let found = try await read(gzip(Self.text) + Array("rubbish and more".utf8))
        guard case .corruptGzip? = found.error else {
            Issue.record("\(String(describing: found.error))")
            return
        }
        #expect(found.values == Self.text)
    }
}
