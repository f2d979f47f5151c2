/// What one core does in a second.
package struct MachineRates: Sendable, Hashable {
    /// Floating point operations of the subject's forward pass.
    package let forward: PlanFigure
    /// Floating point operations of encoding.
    package let encoding: PlanFigure
    /// Operations of a model in this process while it reads prompts.
    package let prompts: PlanFigure
    /// Operations of a model in this process while it writes sixteen answers side by side.
    package let answers: PlanFigure
    /// Activations that a reservoir takes.
    package let sampling: PlanFigure
    /// Windows of latents that enter samples: sorted in, written to disk and written again with what is folded.
    package let entering: PlanFigure
    /// Bytes of text that are cut into tokens.
    package let tokenising: PlanFigure

    /// The rates of the first machine of docs/performance.md (Zen 3, AVX2), half of what its two cores do together.
    ///
    /// Sources: rows `forward` (nine tenths of 187 GFLOP/s, as docs/conventions.md has it), `encode`, `prompt` and `decode-16` of the
    /// roofline there; `reservoir-1m`, which is of the second machine; the run of `topologies/million/codes.yaml` in docs/scaling.md;
    /// `tokenise`.
    package static let assumed = MachineRates(
        forward: PlanFigure(84e9, .assumed), encoding: PlanFigure(77e9, .assumed), prompts: PlanFigure(143e9, .assumed),
        answers: PlanFigure(73e9, .assumed), sampling: PlanFigure(6.4e6, .assumed),
        entering: PlanFigure(1.1e6, .assumed), tokenising: PlanFigure(52e6, .assumed))

    /// The rates of a machine whose forward pass was measured, in operations a second and core.
    ///
    /// Other products are taken to be faster or slower by the same factor, and so stay assumed.
    package func measured(forward measured: Double) -> MachineRates {
        guard measured > 0, measured.isFinite, forward.value > 0 else { return self }
        let factor = measured / forward.value
        return MachineRates(
            forward: PlanFigure(measured, .measured), encoding: encoding.times(factor), prompts: prompts.times(factor),
            answers: answers.times(factor), sampling: sampling, entering: entering, tokenising: tokenising)
    }
}
