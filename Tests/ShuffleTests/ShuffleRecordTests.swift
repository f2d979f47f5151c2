import Elements
import Evidence
import Hashing
import Records
import Shuffle
import TestSupport
import Testing

/// Records of the shuffle topic, against a second reading of their layout and against all kinds of damage.
@Suite struct ShuffleRecordTests {
    private let corpus: SharedCorpus
    private let identity: ShuffleIdentity

    init() throws {
        corpus = try SharedCorpus(seed: 5, least: 8)
        identity = corpus.identity(shards: 4, block: 8)
    }

    private var bodies: [ShuffleRecord.Body] {
        get throws {
            var reservoir = Reservoir(settings: corpus.settings, coder: corpus.coder)
            var counts = BlockCounts(latents: corpus.coder.latents)
            for record in corpus.records.joined() { try reservoir.absorb(record, counting: &counts) }
            var counted = StreamCounts()
            counts.takeChanged(shares: 1, limit: .max, share: { _ in 0 }) { counted = $1 }
            let told = reservoir.takeChanges(shares: 1, limit: 1 << 20) { _ in 0 }
            let changes = try #require(told.first?.first)
            let partition = SharedCorpus.partition(2)
            return [
                .samples(changes), .counts(CorpusBlock(partition: partition, first: 16), counted),
                .marks([
                    ShuffleMark(partition: partition, from: 16, next: 21, isFirst: true),
                    ShuffleMark(partition: SharedCorpus.partition(3), from: 0, next: 0, isFirst: false),
                ]),
                .letter(
                    DeadLetter(
                        position: RecordPosition(source: "corpus", topic: "texts", partition: 1, offset: 77),
                        node: "corpus", code: "not-utf8", reason: "π is cut off", value: [0xCF, 1, 2])),
            ]
        }
    }

    private func record(_ body: ShuffleRecord.Body) -> ShuffleRecord {
        ShuffleRecord(shard: 3, reservoir: "evidence", writer: 0x0102_0304_0506_0708, body: body)
    }

    @Test func whatIsWrittenIsRead() throws {
        for body in try bodies {
            let bytes = try record(body).bytes(of: identity)
            let read = try ShuffleRecord(bytes, in: 3, expecting: identity)
            #expect(read.shard == 3 && read.reservoir == "evidence" && read.writer == 0x0102_0304_0506_0708)
            // Reading and writing once more gives the same bytes, so nothing was lost.
            #expect(try read.bytes(of: identity) == bytes)
            switch (body, read.body) {
            case (.samples(let one), .samples(let other)): #expect(one == other)
            case (.counts(let one, let counts), .counts(let other, let others)):
                #expect(one == other && counts.bytes == others.bytes && counts.fired == others.fired)
            case (.marks(let one), .marks(let other)): #expect(one == other)
            case (.letter(let one), .letter(let other)): #expect(one == other)
            default: Issue.record("another kind of body came back")
            }
        }
    }

    @Test func theLayoutIsTheOneThatIsDescribed() throws {
        for (kind, body) in zip(UInt8(1)..., try bodies) {
            let bytes = try record(body).bytes(of: identity)
            func number(_ offset: Int, _ width: Int) -> UInt64 {
                (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
            }
            #expect(bytes.prefix(4).elementsEqual("GLSH".utf8) && number(4, 2) == 2)
            #expect(bytes[6] == kind && bytes[7] == 0 && number(8, 4) == UInt64(bytes.count))
            #expect(number(12, 4) == UInt64(Self.naiveChecksum(bytes[4..<12] + bytes[16...])))
            #expect(
                bytes[16..<32].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == "\(identity.digest)")
            #expect(number(32, 2) == 4 && number(34, 2) == 3 && number(36, 8) == 0x0102_0304_0506_0708)
            #expect(number(44, 2) == 8 && bytes[46..<54].elementsEqual("evidence".utf8))
        }
    }

    /// CRC-32 bit by bit.
    private static func naiveChecksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var register: UInt32 = .max
        for byte in bytes {
            register ^= UInt32(byte)
            for _ in 0..<8 { register = register & 1 == 1 ? register >> 1 ^ 0xedb8_8320 : register >> 1 }
        }
        return ~register
    }

    private func fault(_ bytes: [UInt8], in partition: Int = 3, _ identity: ShuffleIdentity? = nil) -> RecordFault? {
        do throws(RecordFault) {
            _ = try ShuffleRecord(bytes, in: partition, expecting: identity ?? self.identity)
            return nil
        } catch {
            return error
        }
    }

    @Test func recordsOfOthersAreRefusedByTheFieldInWhichTheyDiffer() throws {
        let bytes = try record(try bodies[2]).bytes(of: identity)
        #expect(fault(bytes) == nil)
        let shards = fault(bytes, corpus.identity(shards: 8, block: 8))
        #expect(shards?.code == .foreign && shards?.field == "shards" && shards?.found == "4")
        #expect(fault(bytes, corpus.identity(shards: 4, block: 16))?.field == "topology")
        #expect(fault(bytes, in: 2)?.field == "shard")
        var later = bytes
        later[4] = 3
        #expect(fault(later)?.code == .otherVersion)
        let named = ShuffleIdentity(
            name: "shared", topic: "shuffle", evidence: ["evidence": Hash128(high: 1, low: 2)], shards: 4, block: 8,
            reservoirs: ["another": corpus.coder])
        #expect(fault(bytes, named)?.field == "reservoir")
    }

    @Test func noDamageIsReadAndNoneEndsTheProcess() throws {
        var generator = SplitMix(seed: 9)
        for body in try bodies {
            let bytes = try record(body).bytes(of: identity)
            for length in 0..<bytes.count { #expect(fault(Array(bytes.prefix(length))) != nil) }
            for _ in 0..<400 {
                var damaged = bytes
                let place = generator.below(bytes.count)
                damaged[place] ^= UInt8(1 << generator.below(8))
                // Magic and version apart, it is known as something that was written and is lost.
                #expect(fault(damaged).map { $0.code.isLoss || place < 6 } == true)
            }
            // Another kind would have the body read as what it is not.
            for kind in UInt8(0)...5 where kind != bytes[6] {
                var changed = bytes
                changed[6] = kind
                #expect(fault(changed)?.code == .damaged)
            }
            // Behind a checksum that fits, anything may be written: it is read or refused.
            for _ in 0..<400 {
                var forged = bytes
                for _ in 0...generator.below(4) {
                    forged[16 + generator.below(bytes.count - 16)] = UInt8(truncatingIfNeeded: generator.next())
                }
                let checksum = Self.naiveChecksum(forged[4..<12] + forged[16...])
                for place in 0..<4 { forged[12 + place] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * place)) }
                guard let read = try? ShuffleRecord(forged, in: 3, expecting: identity) else { continue }
                var reservoir = Reservoir(settings: corpus.settings, coder: corpus.coder)
                var merge = try ShardMerge(
                    identity: identity, map: ShardMap(coder: corpus.coder, shards: 4),
                    owned: OwnedShards(ordinal: 0, of: 1))
                _ = merge.apply(read, into: &reservoir)
            }
        }
    }
}
