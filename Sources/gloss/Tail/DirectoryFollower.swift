import ArgumentParser
import Dataflow
import Foundation
import Serving
import StateNotes
import Store

/// Follows the events of a state directory, or of all shares in one, whether daemons run on it or not.
struct DirectoryFollower {
    let directory: String
    /// The topology file by which counts of latents are read; `nil` for the one that the state names.
    let topology: String?
    let filter: EventFilter
    /// Tells of evidence that grows; `nil` if that is not wanted.
    let evidence: EvidenceFollower?
    /// Whether to end when there is nothing more.
    let ends: Bool
    /// Whether to go on when the directory cannot be read and can be again.
    let reconnects: Bool

    func follow(from start: EventCursor.Start, _ printer: EventPrinter) async throws {
        let pool = ComputePool(name: "tail", threads: 1)
        // Counts of latents are read by the topology, from where that was run.
        let (path, filter) = (URL(fileURLWithPath: directory).path, filter)
        let topology = topology.map { URL(fileURLWithPath: $0).path }
        var evidence = evidence
        var cursor = EventCursor(start: start)
        var complaint: String?
        var (counts, countsFault) = (DirectoryCounts(), nil as String?)
        var away = AwayNotice()
        while true {
            do {
                let (before, teller, known) = (cursor, evidence, counts)
                let (after, page, servers, told, read, grown) = try await pool.run { _ in
                    var (cursor, follower, counts) = (before, teller, known)
                    let reader = try Store.joinedReader(directory: path)
                    let page = try cursor.next(in: reader, filter)
                    // What a later version writes there is no reason not to follow.
                    let servers = (try? AwayServers.all(in: reader)) ?? [:]
                    // After the results that there are.
                    let isThrough = page.events.isEmpty && !page.isOtherState
                    var grown: [String] = []
                    if isThrough, var evidence = follower {
                        grown = counts.next(of: &evidence, in: reader, at: path, topology: topology)
                        follower = evidence
                    }
                    return (cursor, page, servers, follower, counts, grown)
                }
                (cursor, evidence, counts) = (after, told, read)
                if let fault = counts.fault, fault != countsFault { Notice.write("tail", "\(directory): \(fault)") }
                countsFault = counts.fault
                for line in away.lines(after: servers.mapValues(Timestamp.text)) { Notice.write("tail", line) }
                if page.isOtherState {
                    Notice.write("tail", "\(directory): not the state of the cursor: going on from its first result")
                } else if complaint != nil {
                    Notice.write("tail", "\(directory): readable again, going on after cursor \(cursor.position)")
                }
                complaint = nil
                for event in page.events where filter.takes(event.event) {
                    guard try printer.print(event.json) else { return }
                }
                for event in grown { guard try printer.print(event) else { return } }
                if page.isOtherState || !page.events.isEmpty { continue }
                guard try printer.settled(), !ends else { return }
            } catch let error as StoreError {
                guard canWait(error) else {
                    throw ExitCode(telling: error, of: "tail")
                }
                // A directory that does not exist yet, or is being made, has no past; everything it will hold is new.
                if case .missing(path) = error { cursor.startAtFirst() }
                if complaint != error.description {
                    Notice.write("tail", "\(error); waiting")
                    complaint = error.description
                }
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    /// Whether the cause may pass by itself: a daemon that starts, is upgraded or writes, or a directory put back.
    private func canWait(_ error: StoreError) -> Bool {
        switch error {
        case .busy: true
        case .damaged, .notADirectory, .severalShares, .otherSchema(_, isNewer: true): false
        default: !ends && reconnects
        }
    }
}
