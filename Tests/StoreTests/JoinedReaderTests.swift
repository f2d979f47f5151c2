import Elements
import Foundation
import GRDB
import Hashing
import Testing

@testable import Store

/// The states of several processes, read as one.
@Suite struct JoinedReaderTests {
    private let directory: TemporaryDirectory
    private let whole: Store
    private let shares: [Store]
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        whole = try directory.open()
        let path = directory.path + "/parted"
        self.path = path
        shares = try (0..<2).map {
            try Store(directory: path + "/shards-\($0)-of-2", topology: Fixture.topology, now: { Fixture.time })
        }
    }

    private func joined() throws -> StoreReader { try Store.joinedReader(directory: path) }

    /// Does something in the one state with all numbers, which are latents too, and in each share with its own.
    private func each(_ numbers: ClosedRange<UInt64>, _ body: (Store, [UInt64]) throws -> Void) throws {
        try body(whole, Array(numbers))
        for (number, share) in shares.enumerated() { try body(share, numbers.filter { Int($0) % 2 == number }) }
    }

    @Test func resultsAndJobsAreThoseOfOneStateInItsOrder() throws {
        try each(1...9) { store, numbers in
            try store.insertJobs(numbers.map { Fixture.job($0 + 100, latent: Int($0)) })
            for number in numbers where number > 6 {
                try store.fail(job: Fixture.hash(number + 100), reason: "down", attempts: 1)
            }
            try store.record(
                explanations: numbers.flatMap {
                    [Fixture.explanation($0), Fixture.explanation($0 + 1000, node: "lexical")]
                },
                scores: numbers.map { Fixture.score($0 + 2000) },
                choices: numbers.map { Fixture.choice($0 + 50, latent: Int($0)) })
            for number in numbers { try store.keep(verdicts: [UInt8(number), 7], of: Fixture.hash(number + 2000)) }
        }
        let read = try joined()
        #expect(try read.explanations() == whole.explanations() && whole.explanations().count == 18)
        #expect(try read.explanations(of: "prose") == whole.explanations(of: "prose"))
        #expect(try read.scores() == whole.scores() && whole.scores().count == 9)
        #expect(try read.choices() == whole.choices() && whole.choices().count == 9)
        #expect(try read.jobs() == whole.jobs() && whole.jobs(in: .failed).count == 3)
        #expect(try read.jobs(in: .failed) == whole.jobs(in: .failed) && read.jobStates() == whole.jobStates())
        #expect(try read.coderIdentities() == whole.coderIdentities() && whole.coderIdentities().count == 1)
        #expect(try read.explanationTimes() == whole.explanationTimes())
        #expect(try read.latestCursor() == whole.latestCursor())
        let waiting = try whole.unfinishedKeys(in: .open).map(\.latent)
        #expect(try Set(read.unfinishedKeys(in: .open).map(\.latent)) == Set(waiting) && waiting.count == 6)
        for number in UInt64(1)...9 {
            let (key, job) = (LatentKey(coder: "codes", latent: Int(number)), Fixture.hash(number + 2000))
            #expect(try read.explanations(coder: "codes", latent: key.latent).count == 1)
            #expect(try read.datedExplanations(of: key) == whole.datedExplanations(of: key))
            #expect(try read.choices(latent: key) == whole.choices(latent: key))
            #expect(try read.unfinishedJobs(about: key) == whole.unfinishedJobs(about: key))
            #expect(try read.verdicts(of: job) == [UInt8(number), 7])
            #expect(try read.datedScore(of: job)?.score.latent == Int(number) + 2000)
            #expect(try read.made(of: [job.description]) == [job.description: Fixture.time])
        }
    }

    @Test func segmentsFollowEachOtherAndDamageNamesItsShare() throws {
        for (number, share) in shares.enumerated() {
            for epoch in UInt64(1)...2 {
                let bytes = [UInt8](repeating: UInt8(16 * number) + UInt8(epoch), count: 300)
                try share.commit(CheckpointCommit(epoch: epoch, segments: [.init(node: "evidence", bytes: bytes)]))
            }
        }
        #expect(try joined().segments(of: "evidence").map { $0.bytes.first } == [1, 2, 17, 18])
        #expect(try joined().segmentBytes(of: "evidence") == 1200)
        #expect(try joined().checkSegments().sound == 4)
        try shares[1].write { try $0.execute(sql: "UPDATE segment_part SET bytes = zeroblob(300)") }
        let check = try joined().checkSegments()
        #expect(check.sound == 2 && check.damaged.count == 2)
        #expect(check.damaged.allSatisfy { $0.reason.hasPrefix("in shards-1-of-2: ") })
    }

    @Test func whatIsNotJoinedIsRefusedAndNamesAShare() throws {
        let refusal = StoreError.severalShares(path: path, share: "shards-0-of-2")
        #expect(storeError { () throws(StoreError) in try Store.reader(directory: path) } == refusal)
        let joined = try joined()
        #expect(storeError { () throws(StoreError) in try joined.latestCheckpoint() } == refusal)
        #expect(storeError { () throws(StoreError) in try joined.events(after: 0, limit: 1) } == refusal)
        #expect(refusal.description.contains("\(path)/shards-0-of-2"))
    }

    @Test func notesThatDifferAreNotTakenFromOneShare() throws {
        for share in shares { try share.setMeta("a", "same") }
        try shares[0].setMeta("b", "one")
        try shares[1].setMeta("b", "two")
        try shares[1].setMeta("c", "alone")
        let joined = try joined()
        #expect(try joined.meta("a") == "same" && joined.meta("none") == nil)
        for key in ["b", "c"] {
            guard case .unjoinable(path, let reason)? = storeError({ () throws(StoreError) in try joined.meta(key) })
            else {
                Issue.record("\(key) was read")
                continue
            }
            #expect(reason.contains("`\(key)`"))
        }
    }

    @Test func aLatentThatTwoHaveIsNotCountedTwice() throws {
        for share in shares { try share.record(explanations: [Fixture.explanation(4)]) }
        let joined = try joined()
        let text = storeError { () throws(StoreError) in try joined.explanations() }?.description
        #expect(text?.contains("both shards-0-of-2 and shards-1-of-2 have results or jobs of latent codes/4") == true)
    }

    private func reason() -> String? {
        let error = storeError { () throws(StoreError) in try Store.joinedReader(directory: path) }
        guard case .unjoinable(path, let reason)? = error else { return nil }
        return reason
    }

    @Test func aShareThatIsMissingIsNamed() throws {
        try shares[0].close()
        try FileManager.default.removeItem(atPath: path + "/shards-0-of-2")
        #expect(reason() == "of 2 there is no shards-0-of-2; put all of them beside each other")
        let wide = directory.path + "/wide"
        try FileManager.default.createDirectory(
            atPath: wide + "/shards-6-of-999999999", withIntermediateDirectories: true)
        let text = storeError { () throws(StoreError) in try Store.joinedReader(directory: wide) }?.description
        #expect(text?.contains("of 999999999 there is no shards-0-of-999999999, shards-1-of-999999999, ") == true)
        #expect(text?.contains("shards-3-of-999999999 and others; ") == true)
    }

    @Test func aShareWithoutAStateIsNamedByItsPath() throws {
        let folder = path + "/shards-1-of-2"
        try shares[1].close()
        try FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(
            storeError { () throws(StoreError) in try Store.joinedReader(directory: path) } == .missing(path: folder))
        try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: folder + "/gloss.sqlite"))
        #expect(
            storeError { () throws(StoreError) in try Store.joinedReader(directory: path) }
                == .notGlossDatabase(path: folder + "/gloss.sqlite"))
    }

    @Test func sharesOfTwoNumbersOfProcessesAreNotMixed() throws {
        try FileManager.default.createDirectory(
            atPath: path + "/shards-0-of-4", withIntermediateDirectories: true)
        #expect(reason() == "there are those of 2 and of 4 processes; move those away that do not run any more")
    }

    @Test func aStateOfOneProcessGoesBeforeShares() throws {
        let beside = directory.state + "/shards-0-of-1"
        try Store(directory: beside, topology: Fixture.topology, now: { Fixture.time }).close()
        let reader = try Store.joinedReader(directory: directory.state)
        #expect(reader.shares.isEmpty && reader.parts.count == 1)
        #expect(StateShares.found(in: directory.state).map(\.description) == ["shards-0-of-1"])
    }

    private func topology(name: String = "quickstart", window: String?, node: String = "evidence") -> TopologyIdentity {
        let settings = window.map { [StateSetting(node: node, type: "reservoir", field: "window", value: $0)] } ?? []
        return TopologyIdentity(
            name: name, digest: Fixture.hash(1), nodes: [node: Fixture.hash(2)], settings: [node: settings])
    }

    @Test func sharesOfAnotherTopologyAreNamedWithWhatDiffers() throws {
        let cases: [(TopologyIdentity, String)] = [
            (topology(name: "other", window: "32"), "its name is 'other', not 'quickstart'"),
            (topology(window: "16"), "window of evidence is 16, not 32"),
            (topology(window: "32", node: "held"), "it has no state of node 'evidence'"),
        ]
        for (number, (other, difference)) in cases.enumerated() {
            let path = directory.path + "/case-\(number)"
            try Store(directory: path + "/shards-0-of-2", topology: topology(window: "32")).close()
            try Store(directory: path + "/shards-1-of-2", topology: other).close()
            let text = storeError { () throws(StoreError) in try Store.joinedReader(directory: path) }?.description
            let expected = "shards-1-of-2 is not of the same topology as shards-0-of-2: \(difference);"
            #expect(text?.contains(expected) == true, "\(text ?? "read")")
        }
    }

    @Test func manySharesAreReadByTheirNumbers() throws {
        let path = directory.path + "/many"
        for number in 0..<12 {
            let share = try Store(directory: path + "/shards-\(number)-of-12", topology: Fixture.topology)
            try share.record(explanations: [Fixture.explanation(UInt64(number + 1))])
            try share.close()
        }
        let reader = try Store.joinedReader(directory: path)
        #expect(reader.shares.map(\.name) == (0..<12).map { "shards-\($0)-of-12" })
        #expect(try reader.explanations().map(\.latent) == Array(1...12))
    }
}
