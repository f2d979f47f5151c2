import Foundation
import Reports
import Store
import TerminalText

/// Whether the state directory can be used, and the room on its disk.
enum StateExamination {
    /// Bytes without which not even the database's log has room.
    private static let leastRoom: UInt64 = 64 << 20

    /// Findings of the directory and its disk; blocks.
    ///
    /// - Parameter bound: The most bytes that the evidence can take, if that is known.
    static func findings(of directory: String, bound: Int?) -> [Finding] {
        let existing = nearestExisting(directory)
        var findings = [self.directory(directory, existing: existing)]
        if findings[0].status == .ok, let reader = try? Store.reader(directory: directory) {
            findings += contents(of: directory + "/gloss.sqlite", reader) + judges(of: directory)
        }
        return findings + [room(at: existing, bound: bound)]
    }

    /// Whether what is stored is what was written, as far as that can be told.
    private static func contents(of path: String, _ reader: StoreReader) -> [Finding] {
        do throws(StoreError) {
            let faults = try reader.pageFaults()
            guard faults.isEmpty else {
                let error = StoreError.damaged(path: path, reason: faults.joined(separator: "; "))
                return [Finding(.fail, "state", error.description)]
            }
            return [evidence(try reader.checkSegments(), path: path)]
        } catch .busy {
            return []
        } catch {
            return [Finding(.fail, "state", error.description)]
        }
    }

    /// Judges that say the same to nearly everything, which looks as if explanations were bad.
    private static func judges(of directory: String) -> [Finding] {
        // What cannot be read is a finding already.
        guard let report = try? RunReport(directory: directory) else { return [] }
        return report.summaries.compactMap { summary in
            guard let leaning = summary.leaning, leaning.isBiased else { return nil }
            let share = "\(Int((100 * leaning.shareOfYes).rounded())) %"
            let start =
                "the judge of \(summary.node) is biased: it says yes to \(share) of what \(summary.explainedBy) explained"
            guard !summary.areAreas else {
                return Finding(.ok, "judge", start + "; its headline is AUROC, which that does not change")
            }
            return Finding(
                .warn, "judge",
                start + "; ask it by `answers: probabilities` if it gives them, or take another judge")
        }
    }

    private static func evidence(_ check: SegmentCheck, path: String) -> Finding {
        if let damage = check.damaged.first {
            let error = StoreError.damagedSegment(
                path: path, node: damage.node, epoch: damage.epoch, reason: damage.reason)
            let more = check.damaged.count > 1 ? " (\(check.damaged.count) segments are damaged)" : ""
            return Finding(.fail, "evidence", error.description + more)
        }
        let unchecked = check.unchecked > 0 ? "; \(check.unchecked) of an older gloss have no checksum" : ""
        return Finding(.ok, "evidence", "\(check.sound) stored segments are what was written\(unchecked)")
    }

    private static func directory(_ path: String, existing: String) -> Finding {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: existing, isDirectory: &isFolder), isFolder.boolValue else {
            return Finding(
                .fail, "state",
                "\(existing) is not a directory; set state.directory to one, or to a path to make one at")
        }
        guard access(existing, R_OK | W_OK | X_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            return Finding(.fail, "state", "\(existing) cannot be written (\(reason)); check its owner and permissions")
        }
        guard existing == path else { return Finding(.ok, "state", "\(path): not there yet; the first run makes it") }
        do {
            let events = try Store.reader(directory: path).latestCursor()
            return Finding(.ok, "state", "\(path): can be written, holds \(events) events")
        } catch .missing {
            return Finding(.ok, "state", "\(path): can be written, holds no state yet")
        } catch .severalShares(_, let share) {
            return Finding(
                .ok, "state", "\(path): can be written, holds the states of several processes, such as \(share)")
        } catch .busy {
            return Finding(.warn, "state", "\(path): can be written, but its database is held by another process")
        } catch .otherSchema(_, isNewer: false) {
            return Finding(.ok, "state", "\(path): written by an older gloss; the next run brings it up to date")
        } catch {
            return Finding(.fail, "state", error.description)
        }
    }

    private static func room(at path: String, bound: Int?) -> Finding {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            return Finding(.warn, "disk", "\(path): its free space is unknown (\(String(cString: strerror(errno))))")
        }
        let (product, overflows) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        let free = overflows ? UInt64.max : product
        let found = "\(ByteText(free)) free at \(path)"
        if free < leastRoom { return Finding(.fail, "disk", "\(found); a run needs at least \(ByteText(leastRoom))") }
        if let bound, free < UInt64(clamping: bound) {
            return Finding(.warn, "disk", "\(found), less than the \(ByteText(bound)) that the evidence can grow to")
        }
        return Finding(.ok, "disk", found)
    }

    /// The path itself, or the nearest above it at which there is something.
    private static func nearestExisting(_ path: String) -> String {
        var path = path
        while access(path, F_OK) != 0 {
            let parent = (path as NSString).deletingLastPathComponent
            if parent.isEmpty { return "." }
            if parent == path { break }
            path = parent
        }
        return path
    }
}
