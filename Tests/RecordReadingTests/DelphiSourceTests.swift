import Corpus
import Elements
import Evidence
import Hashing
import Interchange
import Running
import StateFixtures
import TestSupport
import Testing

@testable import RecordReading

@Suite(.timeLimit(.minutes(5))) struct DelphiSourceTests {
    private struct Expected: Decodable {
        let fired: [Int]
        let maxima: [Float?]

        static func read(_ name: String) throws -> Expected {
            let all = try GoldenFiles.decode([String: Expected].self, from: "delphi/counts.json")
            return try #require(all[name])
        }
    }

    private func golden(_ name: String) throws -> DelphiCache {
        try DelphiCache(folder: GoldenFiles.path("delphi/\(name)/layers.10"))
    }

    @Test(arguments: ["cache", "signed"])
    func evidenceOfACacheCountsWhatTheCacheHolds(name: String) async throws {
        let expected = try Expected.read(name)
        let cache = try golden(name)
        let source = DelphiRecordSource(node: "cache", cache: cache, acceptsGap: false, onGap: { _ in })
        let decoder = RecordDecoder(format: .tokens, node: "cache", maximumBytes: 1 << 20, vocabulary: 49_152)
        let coder = CoderIdentity(
            name: "cache", hookpoint: "layers.10", latents: cache.latents, digest: cache.digest(hookpoint: "layers.10"))
        var reservoir = try Reservoir(settings: ReservoirSettings(seed: 0), coder: coder)
        #expect(try await source.start(after: [], until: StopSignal()) == [])
        for try await batch in source.batches {
            let documents = batch.records.compactMap { record -> Document? in
                guard case .document(let document) = decoder.decode(record) else { return nil }
                return document
            }
            #expect(documents.count == batch.records.count)
            try reservoir.absorb(try cache.codes(of: documents, masksFirst: false))
        }
        let view = reservoir.view()
        #expect(view.totals.tokens == 12 * 256 && view.totals.contexts == 12)
        for latent in 0..<cache.latents {
            let statistics = view.statistics(of: latent)
            #expect(Int(statistics.tokensFired) == expected.fired[latent])
            #expect(statistics.maximum == expected.maxima[latent] ?? 0)
        }
    }

    @Test func rowsArePickedUpBehindAFenceAndAChangedCacheIsNoticed() async throws {
        let cache = try golden("cache")
        func source(acceptsGap: Bool = false) -> DelphiRecordSource {
            DelphiRecordSource(node: "cache", cache: cache, acceptsGap: acceptsGap, onGap: { _ in })
        }
        var records: [RawRecord] = []
        let whole = source()
        _ = try await whole.start(after: [], until: StopSignal())
        for try await batch in whole.batches { records += batch.records }
        #expect(records.map(\.position.offset) == Array(0..<12))
        func fence(hash: UInt64) -> Fence {
            Fence(
                source: "cache", topic: cache.folder, partition: 0, next: 10,
                last: Fence.LastRecord(offset: 9, hash: hash))
        }
        let rest = source()
        _ = try await rest.start(after: [fence(hash: records[9].valueHash)], until: StopSignal())
        var later: [RawRecord] = []
        for try await batch in rest.batches { later += batch.records }
        #expect(later == Array(records[10...]))
        let other = fence(hash: records[9].valueHash &+ 1)
        await #expect(throws: DaemonError.self) {
            _ = try await source().start(after: [other], until: StopSignal())
        }
        let accepted = try await source(acceptsGap: true).start(after: [other], until: StopSignal())
        #expect(accepted?.map(\.last) == [nil])
    }

    @Test func codesStandInTheOrderOfPositionAndLatentWithoutNegativesAndTheMasked() throws {
        let directory = try TemporaryDirectory()
        try DelphiFolder().write(to: directory.path)
        let cache = try DelphiCache(folder: directory.path)
        let documents = (0..<2).map { row in
            Document(
                position: RecordPosition(source: "cache", topic: "", partition: 0, offset: Int64(row)), timestamp: 0,
                id: nil, source: nil, content: .tokens([1, 2, 3, 4].map { $0 + 4 * UInt32(row) }))
        }
        let codes = try cache.codes(of: documents, masksFirst: false)
        #expect(codes.rowStarts == [0, 1, 2, 2, 2, 2, 2, 3, 4])
        #expect(codes.latents == [2, 0, 2, 0] && codes.activations == [65_504, 1.5, 3, 0.25])
        #expect(try cache.codes(of: documents, masksFirst: true).latents == [0, 2, 0])
    }
}
