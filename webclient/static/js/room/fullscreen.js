/** A button for the whole screen, which a hall and a village's TV want. @param {HTMLButtonElement} button */
export function fullScreen(button) {
  button.addEventListener("click", () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void document.documentElement.requestFullscreen();
  });
}
