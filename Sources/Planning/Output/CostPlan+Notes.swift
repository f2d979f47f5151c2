extension CostPlan {
    /// What a reader of the figures has to know, a sentence each.
    package var notes: [String] {
        var notes = [
            "bound: follows from settings, as the most it can be. measured: by a probe or in the state given. assumed: a "
                + "usual value or another machine's rate (docs/scaling.md)."
        ]
        if machines > 1 {
            notes.append(
                "\(machines) machines: each runs a process that reads the corpus and one that owns a share of the latents, and "
                    + "the work is taken to be shared out evenly (docs/several-processes.md).")
        } else if !evidence.isEmpty {
            notes.append(
                "Samples sent on: what processes that read the corpus would send to owners of latents; one process sends "
                    + "nothing (docs/several-processes.md).")
        }
        if nodes.contains(where: { $0.jobs.again == nil }) {
            notes.append(
                "again: with `regrowth: 1` a latent is explained again whenever it has fired again, so that there is no "
                    + "bound.")
        }
        let needed = askedOnEach.value + (holding?.value ?? 0)
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
