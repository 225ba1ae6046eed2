//! The exponent of a growth: the slope of a line through the logarithms.

/// The exponent `e` for which `y = c * x^e` comes nearest to the points, by least squares over their logarithms. Points
/// at or below zero have no logarithm and are left out; with fewer than two there is no exponent.
#[must_use]
pub fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let logarithms: Vec<(f64, f64)> =
        points.iter().filter(|(x, y)| *x > 0.0 && *y > 0.0).map(|(x, y)| (x.ln(), y.ln())).collect();
    if logarithms.len() < 2 {
        return None;
    }
    let mean = |of: fn(&(f64, f64)) -> f64| {
        logarithms.iter().map(of).sum::<f64>() / f64::from(u32::try_from(logarithms.len()).unwrap_or(u32::MAX))
    };
    let (middle_x, middle_y) = (mean(|point| point.0), mean(|point| point.1));
    let rise: f64 = logarithms.iter().map(|(x, y)| (x - middle_x) * (y - middle_y)).sum();
    let run: f64 = logarithms.iter().map(|(x, _)| (x - middle_x).powi(2)).sum();
    (run > 0.0).then(|| rise / run)
}
