// Logging out here goes on at ID-porten by itself; without JavaScript the button does it.
document.querySelector("[data-leaving]")?.submit();
