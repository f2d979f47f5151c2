import Elements
import Records
import Synchronization
import Testing

@testable import Nodes

@Suite struct LostRecordsTests {
    private final class Notes: Sendable {
        private let list = Mutex<[String]>([])
        var lines: [String] { list.withLock { $0 } }
        func add(_ line: String) { list.withLock { $0.append(line) } }
    }

    private func letter(_ code: String, at offset: Int64 = 7) -> DeadLetter {
        DeadLetter(
            position: RecordPosition(source: "evidence.shuffle", topic: "told", partition: 1, offset: offset),
            node: "evidence.shuffle", code: code, reason: "", value: [])
    }

    @Test(arguments: [RecordFault.Code.damaged, .cutOff, .wrongShape])
    func whatWasToldAndCannotBeReadMakesTheEvidenceInexactOnce(code: RecordFault.Code) throws {
        let notes = Notes()
        let lost = LostRecords(note: notes.add)
        try lost.look(through: [letter("foreign", at: 6), letter(code.rawValue), letter(code.rawValue, at: 8)])
        try lost.look(through: [letter(code.rawValue, at: 9)])
        #expect(notes.lines.count == 1 && notes.lines.first?.contains("told/1 at offset 7") == true)
    }

    @Test(arguments: ["foreign", "other-version", "not-a-record", "empty", "too-large"])
    func whatOthersWroteIsNoLoss(code: String) throws {
        let notes = Notes()
        try LostRecords(note: notes.add).look(through: [letter(code)])
        #expect(notes.lines.isEmpty)
    }

    @Test func whatCouldNotBeNotedIsNotedNextTime() throws {
        struct Fault: Error {}
        let notes = Notes()
        let lost = LostRecords { line in
            notes.add(line)
            if notes.lines.count == 1 { throw Fault() }
        }
        #expect(throws: Fault.self) { try lost.look(through: [letter("damaged")]) }
        try lost.look(through: [letter("damaged")])
        try lost.look(through: [letter("damaged")])
        #expect(notes.lines.count == 2)
    }
}
