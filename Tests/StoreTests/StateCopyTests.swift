import Elements
import Foundation
import GRDB
import Testing

@testable import Store

/// Copies of a state that is written to meanwhile.
@Suite struct StateCopyTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private var copy: String { directory.path + "/copy" }

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.open(partLength: 1000)
        for epoch in UInt64(1)...3 { try Self.commit(epoch, to: store) }
        try store.insertJobs([Fixture.job(1), Fixture.job(2)])
    }

    /// Evidence of many pages, so that a copy takes many steps.
    private static func commit(_ epoch: UInt64, to store: Store) throws {
        try store.commit(
            CheckpointCommit(
                epoch: epoch,
                segments: [
                    .init(node: "evidence", bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: epoch), count: 40_000))
                ],
                fences: [Fixture.fence(0, next: Int64(epoch) * 10)]))
        try store.setMeta("note", "epoch \(epoch)")
    }

    private func entries() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    }

    @Test func theCopyOfAStateInUseHoldsTheSameAndCanBeGoneOnWith() throws {
        let (outline, bytes) = try StateCopy(of: directory.state, to: copy).run()
        #expect(outline.epoch == 3 && outline.topology == Fixture.topology.name)
        #expect(outline.rows["job"] == 2 && outline.rows["segment"] == 3 && outline.evidenceBytes == 120_000)
        #expect(bytes > 120_000)
        #expect(try entries() == ["copy", "state"])
        let next = try Store(directory: copy, topology: Fixture.topology, now: { Fixture.time }, partLength: 1000)
        #expect(try next.latestCheckpoint() == store.latestCheckpoint())
        #expect(try next.segments(of: "evidence") == store.segments(of: "evidence"))
        #expect(try next.jobs(in: .open) == store.jobs(in: .open))
        try Self.commit(4, to: next)
        #expect(try store.latestCheckpoint()?.epoch == 3)
        try next.close()
    }

    @Test func whatIsCommittedDuringACopyIsNotInIt() throws {
        var epoch: UInt64 = 3
        let copying = StateCopy(of: directory.state, to: copy, replacing: false, pagesTogether: 2)
        let (outline, _) = try copying.run { [store] progress in
            guard progress.step == .copying, epoch < 40 else { return }
            epoch += 1
            do { try Self.commit(epoch, to: store) } catch { Issue.record(error) }
        }
        #expect(epoch > 20, "the copy took too few steps")
        #expect(outline.epoch == 3)
        let reader = try Store.reader(directory: copy)
        #expect(try reader.segments(of: "evidence").map(\.epoch) == [1, 2, 3])
        #expect(try reader.latestCheckpoint()?.fences.map(\.next) == [30])
        #expect(try reader.meta("note") == "epoch 3")
        #expect(try store.latestCheckpoint()?.epoch == epoch)
        #expect(try store.segments(of: "evidence").count == Int(epoch))
    }

    @Test(arguments: [StateCopyProgress.Step.copying, .checking])
    func aCopyThatIsCancelledLeavesNothing(step: StateCopyProgress.Step) throws {
        let copying = StateCopy(of: directory.state, to: copy, replacing: false, pagesTogether: 1)
        let error = storeError { () throws(StoreError) in
            try copying.run { if $0.step == step { copying.cancel() } }
        }
        #expect(error == .copyStopped(path: copy))
        #expect(try entries() == ["state"])
        #expect(try store.segments(of: "evidence").count == 3)
    }

    @Test func aSecondCopyToOnePlaceIsRefusedWhileTheFirstIsMade() throws {
        var refusals: [StoreError?] = []
        let copying = StateCopy(of: directory.state, to: copy, replacing: false, pagesTogether: 2)
        _ = try copying.run { [directory, copy] progress in
            guard progress.step == .checking else { return }
            refusals.append(
                storeError { () throws(StoreError) in try StateCopy(of: directory.state, to: copy).run() })
        }
        guard case .copyRefused(_, let reason)? = refusals.first ?? nil else {
            Issue.record("expected a refusal, got \(refusals)")
            return
        }
        #expect(reason.contains("another copy is being made there"))
        #expect(try entries() == ["copy", "state"])
    }

    @Test(arguments: [
        ("state", "the state itself"), ("state/copy", "outside"), ("none/copy", "no folder"), ("file", "a file"),
        ("full", "full/thing"), ("other", "--force"),
    ])
    func aPlaceThatCannotBeTakenIsRefusedWithItsReason(place: String, reason: String) throws {
        let files = FileManager.default
        for folder in ["full", "other"] {
            try files.createDirectory(atPath: directory.path + "/" + folder, withIntermediateDirectories: true)
        }
        for file in ["file", "full/thing", "other/gloss.sqlite"] {
            try Data("x".utf8).write(to: URL(filePath: directory.path + "/" + file))
        }
        let before = try entries()
        let error = storeError { () throws(StoreError) in
            try StateCopy(of: directory.state, to: directory.path + "/" + place).run()
        }
        guard case .copyRefused = error else {
            Issue.record("expected a refusal, got \(String(describing: error))")
            return
        }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
        #expect(try entries() == before)
    }

    @Test func anEmptyFolderIsTaken() throws {
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        _ = try StateCopy(of: directory.state, to: copy + "/").run()
        #expect(try Store.reader(directory: copy).latestCheckpoint()?.epoch == 3)
    }

    @Test func whatAKilledCopyLeftIsTakenOver() throws {
        let left = copy + ".copying"
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
        for name in ["gloss.sqlite", "gloss.sqlite-wal", "gloss.lock"] {
            try Data("half of a page".utf8).write(to: URL(filePath: left + "/" + name))
        }
        _ = try StateCopy(of: directory.state, to: copy).run()
        #expect(try entries() == ["copy", "state"])
        #expect(try Store.reader(directory: copy).segments(of: "evidence").count == 3)
    }

    /// The folders that a copy empties or renames may be the state that is to be copied.
    @Test(arguments: ["copy.copying", "copy.replaced"])
    func aStateInAFolderThatTheCopyNeedsIsNotCopiedOverItself(name: String) throws {
        let state = directory.path + "/" + name
        _ = try StateCopy(of: directory.state, to: state).run()
        let error = storeError { () throws(StoreError) in try StateCopy(of: state, to: copy).run() }
        #expect(error?.description.contains("is the state itself") == true, "\(String(describing: error))")
        #expect(try Store.reader(directory: state).segments(of: "evidence").count == 3)
        #expect(try entries() == [name, "state"])
    }

    @Test(arguments: ["state", "elsewhere"])
    func aLinkIsNotTakenForWhatAKilledCopyLeft(target: String) throws {
        let files = FileManager.default
        let elsewhere = directory.path + "/elsewhere"
        try files.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(filePath: elsewhere + "/gloss.sqlite"))
        try files.createSymbolicLink(
            atPath: copy + ".copying", withDestinationPath: directory.path + "/" + target)
        let error = storeError { () throws(StoreError) in try StateCopy(of: directory.state, to: copy).run() }
        let reason = target == "state" ? "is the state itself" : "is a link"
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
        #expect(try entries() == ["copy.copying", "elsewhere", "state"])
        #expect(files.fileExists(atPath: elsewhere + "/gloss.sqlite"))
        #expect(try store.segments(of: "evidence").count == 3)
    }

    @Test func namesAreExchangedAtOnceWhereThatCanBeDone() throws {
        let (first, second) = (directory.path + "/first", directory.path + "/second")
        for folder in [first, second] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        try Data("x".utf8).write(to: URL(filePath: first + "/file"))
        let code = NameExchange.exchange(first, second)
        #expect(code == 0 || NameExchange.isMissing(code))
        #expect(FileManager.default.fileExists(atPath: (code == 0 ? second : first) + "/file"))
        #expect(NameExchange.exchange(first, directory.path + "/none") != 0)
        #expect(!NameExchange.isMissing(ENOENT))
    }

    @Test func anotherStateIsReplacedOnlyIfThatIsAskedForAndNoDaemonRunsOnIt() throws {
        let other = try Store(directory: copy, topology: Fixture.topology, now: { Fixture.time }, partLength: 1000)
        try Self.commit(99, to: other)
        let copying = StateCopy(of: directory.state, to: copy, replacing: true)
        guard case .locked? = storeError({ () throws(StoreError) in try copying.run() }) else {
            Issue.record("the state of a daemon was replaced")
            return
        }
        #expect(try other.latestCheckpoint()?.epoch == 99)
        try other.close()
        _ = try copying.run()
        #expect(try entries() == ["copy", "state"])
        #expect(try Store.reader(directory: copy).latestCheckpoint()?.epoch == 3)
    }

    @Test func damagedEvidenceIsNotCopied() throws {
        try store.write { try $0.execute(sql: "UPDATE segment_part SET bytes = zeroblob(1000) WHERE part = 1") }
        let error = storeError { () throws(StoreError) in try StateCopy(of: directory.state, to: copy).run() }
        guard case .damagedSegment(let path, "evidence", 1, _)? = error else {
            Issue.record("expected the damage, got \(String(describing: error))")
            return
        }
        #expect(path == directory.state + "/gloss.sqlite")
        #expect(try entries() == ["state"])
    }

    @Test func outlinesDifferByAnyRowThatACheckpointOrANoteHas() throws {
        let first = try store.connection.read { try StateOutline($0) }
        #expect(try store.connection.read { try StateOutline($0) } == first)
        for sql in [
            "UPDATE checkpoint SET committed = committed + 1", "UPDATE fence SET next = next + 1",
            "UPDATE meta SET value = 'other' WHERE key = 'note'",
            "UPDATE segment_part SET checksum = checksum + 1 WHERE part = 0", "DELETE FROM job WHERE latent = 1",
        ] {
            let before = try store.connection.read { try StateOutline($0) }
            try store.write { try $0.execute(sql: sql) }
            #expect(try store.connection.read { try StateOutline($0) } != before, "\(sql)")
        }
    }
}
