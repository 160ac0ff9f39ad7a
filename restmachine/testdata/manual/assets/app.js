console.log("manual")
