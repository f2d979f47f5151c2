extension CostPlan {
    /// What a reader of the figures has to know, a sentence each.
    package var notes: [String] {
        var notes = [
            "bound: follows from settings, as the most it can be. measured: by a probe or in the state given. assumed: a "
                + "usual value or another machine's rate (docs/scaling.md)."
        ]
        if machines > 1 {
            notes.append(
                "Gloss runs as one process today: that \(machines) machines share the work evenly is computed, and cannot "
                    + "be run yet.")
        } else if !evidence.isEmpty {
            notes.append(
                "Samples sent on: what a machine that reads text would send to those that keep evidence. Gloss runs as one "
                    + "process today and sends nothing.")
        }
        if nodes.contains(where: { $0.jobs.again == nil }) {
            notes.append(
                "again: with `regrowth: 1` a latent is explained again whenever it has fired again, so that there is no "
                    + "bound.")
        }
        let needed = memoryOnEach.value + (holding?.value ?? 0)
        if needed > memoryBudget.value {
            notes.append(
                "Evidence, explaining and scoring take more than state.memory allows: samples are lowered while running, "
                    + "or the run is refused. Raise state.memory to \(Self.mebibytes(needed)).")
        }
        let served = models.filter { $0.isServed && $0.calls.value > 0 }
        if !served.isEmpty {
            notes.append(
                "The time of servers is not known (\(served.map(\.name).joined(separator: ", "))): their requests run "
                    + "beside all else, at most `concurrency` at once.")
        }
        return notes
    }

    /// A size as a topology has it, rounded up.
    private static func mebibytes(_ bytes: Double) -> String { "\(Int(min(bytes / 0x1p20, 0x1p42).rounded(.up)))MiB" }
}
