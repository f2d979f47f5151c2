import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(5))) struct ClosingTests {
    @Test func nothingIsLeftInTheLog() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.setMeta("a", "b")
        // A connection that only reads may be the last to go.
        #expect(try store.meta("a") == "b")
        #expect(directory.size(of: "gloss.sqlite-wal") > 0)
        try store.close()
        #expect(directory.size(of: "gloss.sqlite-wal") == 0)
    }

    /// Each thread reads and writes until it is refused: what is under way is finished, and what comes later told so.
    @Test func callsThatMeetTheClosingAreFinishedOrRefused() throws {
        for round in 0..<40 {
            let directory = try TemporaryDirectory()
            let store = try directory.open()
            try store.setMeta("key", "value")
            let refusals = Mutex<[StoreError]>([])
            let wrong = Mutex<[String?]>([])
            let (begun, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            for thread in 0..<6 {
                // Threads, not a queue: it would begin some only after others have ended.
                Thread.detachNewThread {
                    defer { ended.signal() }
                    begun.signal()
                    while true {
                        do throws(StoreError) {
                            if thread == 0 {
                                try store.setMeta("count", "1")
                            } else {
                                let value = try store.meta("key")
                                if value != "value" { wrong.withLock { $0.append(value) } }
                            }
                        } catch {
                            return refusals.withLock { $0.append(error) }
                        }
                    }
                }
            }
            for _ in 0..<6 { begun.wait() }
            try store.close()
            for _ in 0..<6 { ended.wait() }
            let path = StateDirectory.database(in: directory.state)
            #expect(refusals.withLock { $0 } == Array(repeating: .closed(path: path), count: 6), "round \(round)")
            #expect(wrong.withLock { $0 }.isEmpty)
        }
    }

    @Test func closingTwiceIsClosingOnce() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.close()
        try store.close()
        #expect(throws: StoreError.closed(path: StateDirectory.database(in: directory.state))) {
            try store.setMeta("key", nil)
        }
        try directory.open().close()
    }
}
